import { BufferAttribute, BufferGeometry, Color, CustomBlending, GreaterDepth, Mesh, ShaderMaterial } from 'three';
import type { ScenePalette, ThemeName } from '../theme/scene-palette.ts';
import { FOG_GLSL, type FrameUniforms } from './frame-uniforms.ts';
import { gradeColour, shareOfGrade } from './grade-scale.ts';
import type { RoadLine } from './road-line.ts';

const VERTEX = /* glsl */ `
  attribute vec2 tangent2;
  attribute float side;
  attribute float chainageKm;
  attribute float tunnel;
  attribute float steepness;
  uniform float uExaggeration;
  uniform float uKmPerPixel;
  uniform float uHalfPx;
  varying float vSide;
  varying float vChainageKm;
  varying float vTunnel;
  varying float vSteepness;
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
    vSteepness = steepness;
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
  uniform vec3 uAsphalt;
  uniform vec3 uMark;
  uniform float uGhost;
  uniform float uGraded;
  uniform vec3 uGrades[3];
  varying float vSide;
  varying float vChainageKm;
  varying float vTunnel;
  varying float vSteepness;
  varying float vHalfKm;
  varying float vDistanceKm;
  ${FOG_GLSL}
  void main() {
    float across = abs(vSide);
    float pixel = fwidth(vSide);
    // From near the ribbon is a road: asphalt, median and lane marks. From afar it is a line with a casing.
    float near = 1.0 - smoothstep(0.02, 0.09, pixel);
    vec3 grade = mix(mix(uGrades[0], uGrades[1], min(vSteepness * 2.0, 1.0)), uGrades[2], max(vSteepness * 2.0 - 1.0, 0.0));
    vec3 colour = mix(mix(uRoad, uAsphalt, near), grade, uGraded);
    float casing = smoothstep(1.0 - 1.9 * pixel, 1.0 - 0.9 * pixel, across);
    colour = mix(colour, uCasing, casing * mix(1.0, 0.5, near));
    float median = 1.0 - smoothstep(0.07, 0.07 + pixel, across);
    colour = mix(colour, uCasing, median * near * 0.55);
    float lane = 1.0 - smoothstep(0.008, 0.008 + pixel, abs(across - 0.52));
    float edge = 1.0 - smoothstep(0.008, 0.008 + pixel, min(abs(across - 0.14), abs(across - 0.9)));
    float gap = step(0.4, fract(vChainageKm / 0.015));
    colour = mix(colour, uMark, max(lane * gap, edge) * (1.0 - smoothstep(0.004, 0.03, pixel)));
    float alpha = 1.0 - smoothstep(1.0 - pixel, 1.0, across);
    if (vTunnel > 0.5 || uGhost > 0.5) {
      float dashKm = vHalfKm * 7.0;
      float dash = step(0.5, fract(vChainageKm / dashKm));
      if (uGhost > 0.5) alpha *= dash * 0.5;
      else { colour = mix(uCasing, colour, dash); alpha *= mix(0.25, 1.0, dash); }
    }
    gl_FragColor = vec4(withFog(colour, vDistanceKm), alpha);
  }
`;

/** Half the width of the line that the road is from afar; wider where its colour is to be read. */
const HALF_PX = { plain: 3.5, graded: 4.5 };

/**
 * The road as a ribbon of two carriageways: true width from near, a line of constant pixels from afar; tunnels dashed.
 * A second pass draws what a ridge hides as a faint dashed line.
 */
export class RoadLayer {
  readonly meshes: readonly Mesh[];
  private readonly geometry = new BufferGeometry();
  private readonly materials: readonly ShaderMaterial[];
  private readonly halfPx = { value: HALF_PX.plain };
  private readonly graded = { value: 0 };
  private readonly grades = [new Color(), new Color(), new Color()] as const;

  constructor(road: RoadLine, frame: FrameUniforms) {
    this.fillGeometry(road);
    const colours = {
      uRoad: { value: new Color() },
      uCasing: { value: new Color() },
      uAsphalt: { value: new Color() },
      uMark: { value: new Color() },
      uHalfPx: this.halfPx,
      uGraded: this.graded,
      uGrades: { value: this.grades },
    };
    const material = (ghost: boolean): ShaderMaterial =>
      new ShaderMaterial({
        vertexShader: VERTEX,
        fragmentShader: FRAGMENT,
        uniforms: { ...frame, ...colours, uGhost: { value: ghost ? 1 : 0 } },
        // Blended, yet drawn among the opaque: after the ground and before everything that stands on the road.
        blending: CustomBlending,
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

  /** Colours the road by how steep it is. */
  showGrade(shown: boolean): void {
    this.graded.value = shown ? 1 : 0;
    this.halfPx.value = shown ? HALF_PX.graded : HALF_PX.plain;
  }

  paint(palette: ScenePalette, theme: ThemeName): void {
    for (const [at, colour] of this.grades.entries()) {
      const { r, g, b } = gradeColour(at / (this.grades.length - 1), theme);
      colour.setRGB(r, g, b);
    }
    const uniforms = this.materials[0]?.uniforms;
    (uniforms?.['uRoad']?.value as Color | undefined)?.setStyle(palette.road, '');
    (uniforms?.['uCasing']?.value as Color | undefined)?.setStyle(palette.roadCasing, '');
    (uniforms?.['uAsphalt']?.value as Color | undefined)?.setStyle(palette.asphalt, '');
    (uniforms?.['uMark']?.value as Color | undefined)?.setStyle(palette.mark, '');
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
    const steepness = new Float32Array(road.count * 2);
    const indexes: number[] = [];
    for (let i = 0; i < road.count; i++) {
      for (let edge = 0; edge < 2; edge++) {
        const at = i * 2 + edge;
        positions.set([road.xKm[i] as number, road.altKm[i] as number, road.zKm[i] as number], at * 3);
        tangents.set([road.tangentX[i] as number, road.tangentZ[i] as number], at * 2);
        sides[at] = edge === 0 ? -1 : 1;
        chainages[at] = (road.startM + i * road.stepM) / 1000;
        tunnels[at] = road.tunnel[i] as number;
        steepness[at] = shareOfGrade(road.gradeRatioAt(i));
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
    this.geometry.setAttribute('steepness', new BufferAttribute(steepness, 1));
    this.geometry.setIndex(indexes);
  }
}
