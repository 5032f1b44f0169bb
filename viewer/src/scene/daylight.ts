import { Color } from 'three';
import type { ScenePalette } from '../theme/scene-palette.ts';
import type { FrameUniforms } from './frame-uniforms.ts';
import { sunPosition } from './sun.ts';

/** Below this the low sun would rake over every pixel of the relief: the light keeps coming from a bit higher. */
const LIGHT_ALTITUDE_RAD_MIN = 0.35;
const DAY_RAD = 0.12;
const NIGHT_RAD = -0.1;

// Display sRGB like everything that our shaders mix.
const warm = new Color().setStyle('#fff3e2', '');
const cool = new Color().setStyle('#dde6f7', '');
const white = new Color().setStyle('#ffffff', '');

/**
 * Light by scene time: direction from the sun, warmer when it is low; at night a cool, weaker light from where the moon
 * might be. It stays bright enough to read at any hour: this is an instrument, not a picture.
 */
export function lightScene(frame: FrameUniforms, palette: ScenePalette, atMs: number, latDeg: number, lonDeg: number): void {
  const sun = sunPosition(atMs, latDeg, lonDeg);
  const day = Math.min(Math.max((sun.altitudeRad - NIGHT_RAD) / (DAY_RAD - NIGHT_RAD), 0), 1);
  const altitude = Math.max(day > 0 ? sun.altitudeRad : 0.9, LIGHT_ALTITUDE_RAD_MIN);
  const azimuth = day > 0 ? sun.azimuthRad : sun.azimuthRad + Math.PI;
  frame.uSunDirection.value.set(Math.sin(azimuth) * Math.cos(altitude), Math.sin(altitude), -Math.cos(azimuth) * Math.cos(altitude));
  frame.uShadow.value = palette.shadow * (0.35 + 0.65 * day);
  const low = 1 - Math.min(Math.max((altitude - LIGHT_ALTITUDE_RAD_MIN) / 0.5, 0), 1);
  frame.uSunColour.value
    .copy(white)
    .lerp(warm, day * low)
    .lerp(cool, 1 - day)
    .multiplyScalar(palette.sun * (0.55 + 0.45 * day));
  frame.uSkyColour.value
    .copy(white)
    .lerp(cool, (1 - day) * 0.5)
    .multiplyScalar(palette.ambient * (0.9 + 0.1 * day));
}
