import { Color, Vector3 } from 'three';

/** What changes per frame and is the same for every layer; the materials share these objects. */
export interface FrameUniforms {
  uSymbolPx: { value: number };
  uKmPerPixel: { value: number };
  uFocusKm: { value: number };
  /** Factor on heights: strong over the whole network, true near the ground. */
  uExaggeration: { value: number };
  /** Unit vector towards the light, scene axes. */
  uSunDirection: { value: Vector3 };
  uSunColour: { value: Color };
  uSkyColour: { value: Color };
  uFogColour: { value: Color };
  uFogNearKm: { value: number };
  uFogFarKm: { value: number };
  /** How dark shadows are, 0..1. */
  uShadow: { value: number };
  /** Seconds of wall time; stands still when motion is reduced. */
  uTimeS: { value: number };
  /** The instant at which what moves is drawn, seconds after the trucks' epoch. */
  uDrawnS: { value: number };
}

export function createFrameUniforms(): FrameUniforms {
  return {
    uSymbolPx: { value: 11 },
    uKmPerPixel: { value: 0.0006 },
    uFocusKm: { value: 400 },
    uExaggeration: { value: 1 },
    uSunDirection: { value: new Vector3(-0.4, 0.8, -0.4).normalize() },
    uSunColour: { value: new Color(1, 1, 1) },
    uSkyColour: { value: new Color(0.6, 0.6, 0.6) },
    uFogColour: { value: new Color(1, 1, 1) },
    uFogNearKm: { value: 500 },
    uFogFarKm: { value: 1500 },
    uShadow: { value: 0.2 },
    uTimeS: { value: 0 },
    uDrawnS: { value: 0 },
  };
}

export const FOG_GLSL = /* glsl */ `
  uniform vec3 uFogColour;
  uniform float uFogNearKm;
  uniform float uFogFarKm;
  vec3 withFog(vec3 colour, float distanceKm) {
    float part = smoothstep(uFogNearKm, uFogFarKm, distanceKm);
    return mix(colour, uFogColour, part);
  }
`;
