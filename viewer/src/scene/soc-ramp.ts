/**
 * The one ramp for state of charge: an even path through OKLCH from indigo (empty) over teal to lime (full). Lightness
 * grows by equal steps, so the order survives any colour-vision deficiency and a print in grey; it avoids the amber and
 * red that mean waiting and alarm.
 */
export interface Rgb {
  /** 0..1, gamma-encoded sRGB. */
  r: number;
  g: number;
  b: number;
}

const STEPS = 100;
const LIGHTNESS = [0.47, 0.86] as const;
const HUE_DEG = [292, 122] as const;
const CHROMA = [0.135, 0.155] as const;

const table: readonly Rgb[] = Array.from({ length: STEPS + 1 }, (_, step) => rampColour(step / STEPS));
/** Of what nobody knows. */
export const UNKNOWN_COLOUR: Rgb = { r: 0.55, g: 0.58, b: 0.6 };

/** @param socPercent 0..100, or null when unknown (grey) */
export function socColour(socPercent: number | null): Rgb {
  if (socPercent === null || !Number.isFinite(socPercent)) return UNKNOWN_COLOUR;
  return table[Math.round(Math.min(Math.max(socPercent, 0), 100))] ?? UNKNOWN_COLOUR;
}

export function cssColour({ r, g, b }: Rgb): string {
  return `rgb(${Math.round(r * 255)} ${Math.round(g * 255)} ${Math.round(b * 255)})`;
}

/** The ramp as a CSS gradient from left (0 %) to right (100 %). */
export function socGradient(): string {
  const stops = Array.from({ length: 11 }, (_, i) => `${cssColour(socColour(i * 10))} ${i * 10}%`);
  return `linear-gradient(90deg, ${stops.join(', ')})`;
}

function rampColour(part: number): Rgb {
  const lightness = LIGHTNESS[0] + (LIGHTNESS[1] - LIGHTNESS[0]) * part;
  const hue = ((HUE_DEG[0] + (HUE_DEG[1] - HUE_DEG[0]) * part) * Math.PI) / 180;
  // Teal of this lightness has little room in sRGB: the chroma dips in the middle instead of being clipped there.
  const chroma = CHROMA[0] + (CHROMA[1] - CHROMA[0]) * part - 0.042 * Math.sin(Math.PI * part);
  return oklabToSrgb(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue));
}

/** OKLab to sRGB (B. Ottosson, "A perceptual color space for image processing", 2020). */
export function oklabToSrgb(lightness: number, a: number, b: number): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return {
    r: encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    g: encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    b: encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  };
}

function encode(linear: number): number {
  const value = Math.min(Math.max(linear, 0), 1);
  return value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
}
