import { type Color, Group, ShaderMaterial } from 'three';
import type { FrameUniforms } from './frame-uniforms.ts';
import { PartGeometryBuilder } from './part-geometry.ts';
import { SymbolBatch } from './symbol-batch.ts';
import { SYMBOL_SCALE_GLSL } from './symbol-scale.ts';

const VERTEX = /* glsl */ `
  attribute vec4 iAnchor;
  attribute vec3 iOffset;
  attribute vec3 iScale;
  attribute vec4 iTint;
  uniform float uExaggeration;
  ${SYMBOL_SCALE_GLSL}
  varying vec2 vAt;
  varying vec4 vTint;
  void main() {
    vec3 base = vec3(iAnchor.x, iAnchor.y * uExaggeration, iAnchor.z);
    float scale = symbolScale(distance(cameraPosition, base));
    float c = cos(iAnchor.w);
    float s = sin(iAnchor.w);
    vec3 local = iOffset + position * iScale;
    vec3 world = base + vec3(c * local.x + s * local.z, local.y, c * local.z - s * local.x) * scale * 0.001;
    vAt = position.xz;
    vTint = iTint;
    vec4 view = viewMatrix * vec4(world, 1.0);
    gl_Position = projectionMatrix * view;
    view.xyz -= normalize(view.xyz) * (0.004 + (scale - 1.0) * 0.04);
    vec4 pulled = projectionMatrix * view;
    gl_Position.z = pulled.z / pulled.w * gl_Position.w;
  }
`;

const FRAGMENT = /* glsl */ `
  uniform float uTimeS;
  varying vec2 vAt;
  varying vec4 vTint;
  void main() {
    float r = length(vAt);
    float pixel = fwidth(r);
    float width = min(2.4 * pixel, 0.2);
    float ring = smoothstep(1.0 - width - pixel, 1.0 - width, r) * (1.0 - smoothstep(1.0 - pixel, 1.0, r));
    float disc = (1.0 - smoothstep(1.0 - width, 1.0, r)) * 0.06;
    // Alarms breathe; everything else is still.
    float breath = vTint.a > 1.5 ? 0.65 + 0.35 * sin(uTimeS * 4.0) : 1.0;
    float alpha = max(ring, disc) * min(vTint.a, 1.0) * breath;
    if (alpha < 0.01) discard;
    gl_FragColor = vec4(vTint.rgb, alpha);
  }
`;

export interface Marker {
  xKm: number;
  altKm: number;
  zKm: number;
  yawRad: number;
  offsetXM: number;
  offsetZM: number;
  radiusM: number;
}

/** Rings on the ground: what is selected or hovered, and what waits or alarms. One draw call. */
export class MarkerLayer {
  readonly group = new Group();
  private readonly batch: SymbolBatch;
  private readonly material: ShaderMaterial;
  private used = 0;

  constructor(frame: FrameUniforms) {
    this.material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { ...frame },
      transparent: true,
      depthWrite: false,
    });
    const corner = 1.02;
    const geometry = new PartGeometryBuilder()
      .quad(
        [
          [-corner, 0, -corner],
          [-corner, 0, corner],
          [corner, 0, corner],
          [corner, 0, -corner],
        ],
        'glow',
      )
      .build();
    this.batch = new SymbolBatch(geometry, { material: this.material });
    for (const mesh of this.batch.meshes) mesh.renderOrder = 5;
    this.group.add(...this.batch.meshes);
  }

  begin(): void {
    this.used = 0;
  }

  /** @param breathing true for an alarm */
  add(marker: Marker, colour: Color, strength: number, breathing = false): void {
    const row = this.used++;
    if (this.batch.count < this.used) this.batch.count = this.used;
    this.batch.setAnchor(row, marker.xKm, marker.altKm, marker.zKm, marker.yawRad);
    this.batch.setOffset(row, marker.offsetXM, 0.45, marker.offsetZM);
    this.batch.setScale(row, marker.radiusM, 1, marker.radiusM);
    this.batch.setTint(row, colour.r, colour.g, colour.b, breathing ? 2 : strength);
  }

  end(): void {
    this.batch.count = this.used;
    this.batch.flush();
  }

  dispose(): void {
    this.batch.dispose();
    this.material.dispose();
    this.group.removeFromParent();
  }
}
