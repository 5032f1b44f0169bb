import { stationPagesIn } from '@corridor/twin/station-pages';
import { expect, it } from 'vitest';
import { stationPageUrls } from './station-page-urls.ts';

it('tells the twin where the traffic serves the page of each station, in words that it takes', () => {
  const pages = stationPagesIn(stationPageUrls(null, '8100'));
  if ('wrong' in pages) throw new Error(pages.wrong);
  expect([...pages].slice(0, 2)).toEqual([
    ['HH1', 'http://127.0.0.1:8100'],
    ['HJ1', 'http://127.0.0.1:8101'],
  ]);
  expect([stationPageUrls(null, undefined), stationPageUrls(null, ''), stationPageUrls(null, 'x')]).toEqual(['', '', '']);
});
