/** Colours of the 3D scene by theme, display sRGB. Greys until it matters; the state colours are the panels' own tokens. */
export interface ScenePalette {
  fog: string;
  /** Hypsometric greys from the plain to the summits. */
  terrainLow: string;
  terrainMid: string;
  terrainHigh: string;
  water: string;
  contour: string;
  contourStrength: number;
  road: string;
  roadCasing: string;
  body: string;
  dark: string;
  light: string;
  steel: string;
  ground: string;
  mark: string;
  glass: string;
  panel: string;
  load: string;
  accent: string;
  wait: string;
  alarm: string;
  idle: string;
  /** Share of ambient and of sun light. */
  ambient: number;
  sun: number;
}

export type ThemeName = 'light' | 'dark';

export const SCENE_PALETTES: Record<ThemeName, ScenePalette> = {
  light: {
    fog: '#eef1f3',
    terrainLow: '#e6e9ea',
    terrainMid: '#d3d7d8',
    terrainHigh: '#f4f5f5',
    water: '#cfdbe2',
    contour: '#5d6970',
    contourStrength: 0.13,
    road: '#ffffff',
    roadCasing: '#8b979e',
    body: '#aab4ba',
    dark: '#4a555c',
    light: '#f7f9fa',
    steel: '#7d8990',
    ground: '#c4cbcf',
    mark: '#ffffff',
    glass: '#39444b',
    panel: '#33475c',
    load: '#8a8276',
    accent: '#2f6fed',
    wait: '#d99a10',
    alarm: '#d4351c',
    idle: '#9aa5ab',
    ambient: 0.74,
    sun: 0.36,
  },
  dark: {
    fog: '#0f1417',
    terrainLow: '#171e22',
    terrainMid: '#232c31',
    terrainHigh: '#4b565d',
    water: '#0e1a22',
    contour: '#9fb2bd',
    contourStrength: 0.1,
    road: '#a9b8c1',
    roadCasing: '#0b0f11',
    body: '#7d8a92',
    dark: '#2b343a',
    light: '#c3cdd3',
    steel: '#5b676e',
    ground: '#2a343a',
    mark: '#8fa0aa',
    glass: '#10171b',
    panel: '#22384f',
    load: '#6b6459',
    accent: '#6ea0ff',
    wait: '#f0b33c',
    alarm: '#ff6b57',
    idle: '#68767e',
    ambient: 0.78,
    sun: 0.34,
  },
};
