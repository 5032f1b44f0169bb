import { Color, ShaderMaterial } from 'three';
import { FOG_GLSL, type FrameUniforms } from './frame-uniforms.ts';
import { LEG_DEFAULTS, LEG_GLSL } from './leg.ts';
import { PALETTE_SIZE } from './part-geometry.ts';
import { SYMBOL_SCALE_GLSL } from './symbol-scale.ts';

export interface SymbolMaterialOptions {
  frame: FrameUniforms;
  /** Shared with the theme: changing a colour in place repaints everything. */
  palette: Color[];
  /** From afar a truck is a thin line: its width and height grow by this factor there. */
  farWiden?: number;
}

const VERTEX = /* glsl */ `
  attribute float part;
  attribute float shade;
  ${LEG_GLSL}
  attribute vec3 iOffset;
  attribute vec3 iScale;
  attribute vec4 iTint;
  uniform float uExaggeration;
  uniform float uFarWiden;
  uniform float uTimeS;
  uniform vec3 uSunDirection;
  uniform vec3 uSunColour;
  uniform vec3 uSkyColour;
  uniform vec3 uPalette[${PALETTE_SIZE}];
  ${SYMBOL_SCALE_GLSL}
  varying vec3 vColour;
  varying float vDistanceKm;

  vec3 turned(vec3 v, float yaw) {
    float c = cos(yaw);
    float s = sin(yaw);
    return vec3(c * v.x + s * v.z, v.y, c * v.z - s * v.x);
  }

  void main() {
    vec4 anchor = anchorNow();
    vec3 base = vec3(anchor.x, anchor.y * uExaggeration, anchor.z);
    float scale = symbolScale(distance(cameraPosition, base));
    float far = smoothstep(2.0, 9.0, scale);
    vec3 widen = vec3(1.0, mix(1.0, uFarWiden, far), mix(1.0, uFarWiden, far));
    vec3 local = iOffset + position * iScale * widen;
    vec3 world = base + turned(local, anchor.w) * scale * 0.001;

    vec3 n = turned(normalize(normal / max(iScale, vec3(0.001))), anchor.w);
    int code = int(part + 0.5);
    vec3 colour = code < ${PALETTE_SIZE} ? uPalette[code] : iTint.rgb;
    if (code == 13) colour = mix(uPalette[0], iTint.rgb, far);
    float pulse = iTint.a * (0.5 + 0.5 * sin(uTimeS * 3.2 + iAnchor.x * 7.0 + iOffset.x));
    vec3 light = uSkyColour * (0.72 + 0.28 * n.y) + uSunColour * max(dot(n, uSunDirection), 0.0);
    // The charge must be read off the colour: its faces are shaded less than everything else.
    float charge = code >= 12 ? (code == 13 ? far : 1.0) * 0.5 : 0.0;
    vec3 lit = code == 14 ? colour : colour * mix(light, vec3(1.02), charge) * shade;
    vColour = mix(lit, vec3(0.36, 0.93, 0.80), pulse * 0.38);

    vec4 view = viewMatrix * vec4(world, 1.0);
    vDistanceKm = -view.z;
    gl_Position = projectionMatrix * view;
    // Symbols are drawn far larger than life from afar: pull their depth towards the camera, or hills would swallow them.
    view.xyz -= normalize(view.xyz) * (scale - 1.0) * 0.045;
    vec4 pulled = projectionMatrix * view;
    gl_Position.z = pulled.z / pulled.w * gl_Position.w;
  }
`;

const FRAGMENT = /* glsl */ `
  ${FOG_GLSL}
  varying vec3 vColour;
  varying float vDistanceKm;
  void main() {
    gl_FragColor = vec4(withFog(vColour, vDistanceKm), 1.0);
  }
`;

/** One material for everything instanced; colours are display sRGB, lit simply in that space. */
export function createSymbolMaterial({ frame, palette, farWiden = 1 }: SymbolMaterialOptions): ShaderMaterial {
  const material = new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: { ...frame, uPalette: { value: palette }, uFarWiden: { value: farWiden } },
  });
  Object.assign(material.defaultAttributeValues, LEG_DEFAULTS);
  return material;
}

export function emptyPalette(): Color[] {
  return Array.from({ length: PALETTE_SIZE }, () => new Color());
}
