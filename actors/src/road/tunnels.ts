/**
 * Tunnels of the mountain section. Only the tunnel under the provincial border (Changchengling, 4.7 km) is documented by
 * length; the places of all of them are estimates, set where the terrain stands far above the road.
 */
export const TUNNELS: readonly { name: string; nameZh: string; fromM: number; toM: number }[] = [
  { name: 'Fuping West tunnel (estimate)', nameZh: '阜平西隧道（估计）', fromM: 353_400, toM: 355_200 },
  { name: 'Longquanguan tunnel (estimate)', nameZh: '龙泉关隧道（估计）', fromM: 370_900, toM: 372_300 },
  { name: 'Changchengling tunnel', nameZh: '长城岭隧道', fromM: 380_200, toM: 384_900 },
  { name: 'Wutai ridge tunnel (estimate)', nameZh: '五台山隧道（估计）', fromM: 412_600, toM: 415_000 },
];

export function isTunnel(chainageM: number): boolean {
  return TUNNELS.some(({ fromM, toM }) => chainageM >= fromM && chainageM < toM);
}
