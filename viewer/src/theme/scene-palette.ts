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
  /** How strongly slopes are shaded. */
  reliefContrast: number;
  road: string;
  roadCasing: string;
  asphalt: string;
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
  /** How dark a shadow is by day, 0..1. */
  shadow: number;
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
    contourStrength: 0.16,
    reliefContrast: 0.6,
    road: '#ffffff',
    roadCasing: '#87939b',
    asphalt: '#b4bdc2',
    body: '#aab4ba',
    dark: '#4a555c',
    light: '#f7f9fa',
    steel: '#7d8990',
    ground: '#d0d6da',
    mark: '#ffffff',
    glass: '#39444b',
    panel: '#33475c',
    load: '#8a8276',
    accent: '#2f6fed',
    wait: '#d99a10',
    alarm: '#d4351c',
    idle: '#9aa5ab',
    ambient: 0.79,
    shadow: 0.24,
    sun: 0.36,
  },
  dark: {
    fog: '#0f1417',
    terrainLow: '#1b2429',
    terrainMid: '#2a353b',
    terrainHigh: '#5d6b73',
    water: '#12212b',
    contour: '#9fb2bd',
    contourStrength: 0.12,
    reliefContrast: 1.25,
    road: '#a9b8c1',
    roadCasing: '#0b0f11',
    asphalt: '#333e45',
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
    shadow: 0.5,
    sun: 0.34,
  },
};
