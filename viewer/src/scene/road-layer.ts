import { BufferAttribute, BufferGeometry, Color, GreaterDepth, Mesh, ShaderMaterial } from 'three';
import type { ScenePalette } from '../theme/scene-palette.ts';
import { FOG_GLSL, type FrameUniforms } from './frame-uniforms.ts';
import type { RoadLine } from './road-line.ts';

const VERTEX = /* glsl */ `
  attribute vec2 tangent2;
  attribute float side;
  attribute float chainageKm;
  attribute float tunnel;
  uniform float uExaggeration;
  uniform float uKmPerPixel;
  uniform float uHalfPx;
  varying float vSide;
  varying float vChainageKm;
  varying float vTunnel;
  varying float vHalfKm;
  varying float vDistanceKm;
  void main() {
    vec3 base = vec3(position.x, position.y * uExaggeration, position.z);
    float distanceKm = distance(cameraPosition, base);
    float pixelKm = uKmPerPixel * distanceKm;
    vHalfKm = max(0.0135, uHalfPx * pixelKm);
    vec3 world = base + vec3(-tangent2.y, 0.0, tangent2.x) * side * vHalfKm;
    vSide = side;
    vChainageKm = chainageKm;
    vTunnel = tunnel;
    vec4 view = viewMatrix * vec4(world, 1.0);
    vDistanceKm = -view.z;
    gl_Position = projectionMatrix * view;
    view.xyz -= normalize(view.xyz) * (0.006 + pixelKm * 5.0);
    vec4 pulled = projectionMatrix * view;
    gl_Position.z = pulled.z / pulled.w * gl_Position.w;
  }
`;

const FRAGMENT = /* glsl */ `
  uniform vec3 uRoad;
  uniform vec3 uCasing;
  uniform float uGhost;
  varying float vSide;
  varying float vChainageKm;
  varying float vTunnel;
  varying float vHalfKm;
  varying float vDistanceKm;
  ${FOG_GLSL}
  void main() {
    float across = abs(vSide);
    float soft = fwidth(across);
    float casing = smoothstep(0.66 - soft, 0.66 + soft, across);
    vec3 colour = mix(uRoad, uCasing, casing);
    // The median appears once the carriageways are wide enough to tell apart.
    float median = (1.0 - smoothstep(0.05, 0.05 + soft, across)) * (1.0 - smoothstep(0.03, 0.12, soft));
    colour = mix(colour, uCasing, median * 0.8);
    float alpha = 1.0 - smoothstep(1.0 - soft, 1.0, across) * 0.6;
    if (vTunnel > 0.5 || uGhost > 0.5) {
      float dashKm = vHalfKm * 7.0;
      float dash = step(0.5, fract(vChainageKm / dashKm));
      if (uGhost > 0.5) alpha *= dash * 0.5;
      else { colour = mix(uCasing, colour, dash); alpha *= mix(0.25, 1.0, dash); }
    }
    gl_FragColor = vec4(withFog(colour, vDistanceKm), alpha);
  }
`;

/**
 * The road as a ribbon of two carriageways: true width from near, a line of constant pixels from afar; tunnels dashed.
 * A second pass draws what a ridge hides as a faint dashed line.
 */
export class RoadLayer {
  readonly meshes: readonly Mesh[];
  private readonly geometry = new BufferGeometry();
  private readonly materials: readonly ShaderMaterial[];

  constructor(road: RoadLine, frame: FrameUniforms) {
    this.fillGeometry(road);
    const colours = { uRoad: { value: new Color() }, uCasing: { value: new Color() } };
    const material = (ghost: boolean): ShaderMaterial =>
      new ShaderMaterial({
        vertexShader: VERTEX,
        fragmentShader: FRAGMENT,
        uniforms: { ...frame, ...colours, uHalfPx: { value: 3.2 }, uGhost: { value: ghost ? 1 : 0 } },
        transparent: true,
        depthWrite: false,
        ...(ghost ? { depthFunc: GreaterDepth } : {}),
      });
    this.materials = [material(false), material(true)];
    this.meshes = this.materials.map((used, pass) => {
      const mesh = new Mesh(this.geometry, used);
      mesh.frustumCulled = false;
      mesh.renderOrder = 1 + pass;
      return mesh;
    });
  }

  paint(palette: ScenePalette): void {
    const uniforms = this.materials[0]?.uniforms;
    (uniforms?.['uRoad']?.value as Color | undefined)?.setStyle(palette.road, '');
    (uniforms?.['uCasing']?.value as Color | undefined)?.setStyle(palette.roadCasing, '');
  }

  dispose(): void {
    for (const mesh of this.meshes) mesh.removeFromParent();
    for (const material of this.materials) material.dispose();
    this.geometry.dispose();
  }

  private fillGeometry(road: RoadLine): void {
    const positions = new Float32Array(road.count * 6);
    const tangents = new Float32Array(road.count * 4);
    const sides = new Float32Array(road.count * 2);
    const chainages = new Float32Array(road.count * 2);
    const tunnels = new Float32Array(road.count * 2);
    const indexes: number[] = [];
    for (let i = 0; i < road.count; i++) {
      for (let edge = 0; edge < 2; edge++) {
        const at = i * 2 + edge;
        positions.set([road.xKm[i] as number, road.altKm[i] as number, road.zKm[i] as number], at * 3);
        tangents.set([road.tangentX[i] as number, road.tangentZ[i] as number], at * 2);
        sides[at] = edge === 0 ? -1 : 1;
        chainages[at] = (road.startM + i * road.stepM) / 1000;
        tunnels[at] = road.tunnel[i] as number;
      }
      if (i > 0) {
        const at = i * 2;
        indexes.push(at - 2, at - 1, at, at, at - 1, at + 1);
      }
    }
    this.geometry.setAttribute('position', new BufferAttribute(positions, 3));
    this.geometry.setAttribute('tangent2', new BufferAttribute(tangents, 2));
    this.geometry.setAttribute('side', new BufferAttribute(sides, 1));
    this.geometry.setAttribute('chainageKm', new BufferAttribute(chainages, 1));
    this.geometry.setAttribute('tunnel', new BufferAttribute(tunnels, 1));
    this.geometry.setIndex(indexes);
  }
}
