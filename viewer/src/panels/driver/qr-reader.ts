/** The browser's own reader, where it has one; not in every library of types yet. */
interface Detector {
  detect(source: ImageBitmapSource): Promise<{ rawValue: string }[]>;
}
type DetectorMaker = (new (options: { formats: string[] }) => Detector) & { getSupportedFormats?: () => Promise<string[]> };

/** Pictures are read at this size at most: a code that fills a third of it is read, and a phone is quick [px]. */
const PIXELS_MAX = 1_000;

/** Reads the QR code in a picture; null: there is none. */
export type ReadQr = (image: ImageBitmap | HTMLVideoElement) => Promise<string | null>;

/** The browser's reader, else one of our own that is fetched when it is needed. */
export async function qrReader(): Promise<ReadQr> {
  const Maker = Reflect.get(globalThis, 'BarcodeDetector') as DetectorMaker | undefined;
  const formats = (await Maker?.getSupportedFormats?.()) ?? [];
  if (Maker !== undefined && formats.includes('qr_code')) {
    const detector = new Maker({ formats: ['qr_code'] });
    return async (image) => (await detector.detect(image))[0]?.rawValue ?? null;
  }
  const { decodeQR } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  return async (image) => {
    const pixels = pixelsOf(image, canvas);
    if (pixels === null) return null;
    try {
      return decodeQR(pixels);
    } catch {
      // The library throws where it finds no code, which is most pictures of a camera.
      return null;
    }
  };
}

function pixelsOf(image: ImageBitmap | HTMLVideoElement, canvas: HTMLCanvasElement): ImageData | null {
  const [width, height] = image instanceof HTMLVideoElement ? [image.videoWidth, image.videoHeight] : [image.width, image.height];
  if (width === 0 || height === 0) return null;
  const scale = Math.min(1, PIXELS_MAX / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
