import { EqualStencilFunc, IncrementStencilOp, ShaderMaterial } from 'three';
import type { FrameUniforms } from './frame-uniforms.ts';
import { LEG_DEFAULTS, LEG_GLSL } from './leg.ts';
import { SYMBOL_SCALE_GLSL } from './symbol-scale.ts';

const VERTEX = /* glsl */ `
  ${LEG_GLSL}
  attribute vec3 iOffset;
  attribute vec3 iScale;
  uniform float uExaggeration;
  uniform float uFarWiden;
  uniform vec3 uSunDirection;
  ${SYMBOL_SCALE_GLSL}
  varying float vDistanceKm;
  void main() {
    vec4 anchor = anchorNow();
    vec3 base = vec3(anchor.x, anchor.y * uExaggeration, anchor.z);
    float scale = symbolScale(distance(cameraPosition, base));
    float far = smoothstep(2.0, 9.0, scale);
    vec3 widen = vec3(1.0, mix(1.0, uFarWiden, far), mix(1.0, uFarWiden, far));
    vec3 local = iOffset + position * iScale * widen;
    float c = cos(anchor.w);
    float s = sin(anchor.w);
    vec3 turned = vec3(c * local.x + s * local.z, local.y, c * local.z - s * local.x);
    // Flattened onto the ground along the light; a low sun throws no longer shadow than this.
    vec2 slant = uSunDirection.xz / max(uSunDirection.y, 0.5);
    float height = max(turned.y - 0.3, 0.0);
    vec3 flat3 = vec3(turned.x - slant.x * height, 0.36, turned.z - slant.y * height);
    vec4 view = viewMatrix * vec4(base + flat3 * scale * 0.001, 1.0);
    vDistanceKm = -view.z;
    gl_Position = projectionMatrix * view;
    view.xyz -= normalize(view.xyz) * ((scale - 1.0) * 0.036 + 0.0012);
    vec4 pulled = projectionMatrix * view;
    gl_Position.z = pulled.z / pulled.w * gl_Position.w;
  }
`;

const FRAGMENT = /* glsl */ `
  uniform float uFogNearKm;
  uniform float uFogFarKm;
  uniform float uShadow;
  varying float vDistanceKm;
  void main() {
    gl_FragColor = vec4(0.03, 0.05, 0.07, uShadow * (1.0 - smoothstep(uFogNearKm, uFogFarKm, vDistanceKm)));
  }
`;

/**
 * Shadows of the symbols, flattened onto the ground they stand on: no shadow map could span 500 km. The stencil lets every
 * pixel be darkened once, however many boxes throw a shadow on it.
 */
export function createShadowMaterial({ frame, farWiden = 1 }: { frame: FrameUniforms; farWiden?: number }): ShaderMaterial {
  const material = new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: { ...frame, uFarWiden: { value: farWiden } },
    transparent: true,
    depthWrite: false,
    stencilWrite: true,
    stencilRef: 0,
    stencilFunc: EqualStencilFunc,
    stencilZPass: IncrementStencilOp,
  });
  Object.assign(material.defaultAttributeValues, LEG_DEFAULTS);
  return material;
}
