import type { Locator, Page } from 'playwright-core';

/** Where an element is once two frames in a row show it in one place. */
export async function restingBox(page: Page, element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const twoFrames = (): Promise<void> =>
    page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));
  let before = await element.boundingBox();
  for (let i = 0; i < 50; i++) {
    await twoFrames();
    const now = await element.boundingBox();
    if (now !== null && before?.x === now.x && before.y === now.y) return now;
    before = now;
  }
  throw new Error('the element does not come to rest');
}

/** Different colours in a coarse grid over the stage: a blank canvas has one. */
export async function coloursOnStage(page: Page): Promise<number> {
  const picture = (await page.screenshot({ clip: { x: 350, y: 60, width: 520, height: 440 } })).toString('base64');
  return page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext('2d');
    if (context === null) return 0;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const seen = new Set<number>();
    for (let i = 0; i < data.length; i += 4 * 37) seen.add(((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0));
    return seen.size;
  }, picture);
}
