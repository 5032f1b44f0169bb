import { MOUSE, PerspectiveCamera, Spherical, TOUCH, Vector3 } from 'three';
import { MapControls } from 'three/examples/jsm/controls/MapControls.js';
import type { Relief } from './relief.ts';
import type { CameraPose, Insets } from './view-fit.ts';

const FOV_DEG = 32;
const DISTANCE_KM_MIN = 0.06;
const DISTANCE_KM_MAX = 1_100;
const TILT_RAD_MAX = 1.36;
const FLY_MS = 1_100;
const CENTRE_EASE_S = 0.12;

interface Flight {
  from: CameraPose;
  to: CameraPose;
  startMs: number;
  durationMs: number;
}

/** A map's camera: drag pans, right-drag or two fingers turn and tilt, wheel or pinch zooms to the pointer; keys do the same. */
export class CameraRig {
  readonly camera = new PerspectiveCamera(FOV_DEG, 1, 0.1, 2_000);
  readonly controls: MapControls;
  private readonly groundAt: (xKm: number, zKm: number) => number;
  private readonly relief: Relief;
  private flight: Flight | null = null;
  private readonly offset = new Vector3();
  private readonly spherical = new Spherical();
  reducedMotion = false;
  /** The whole network was shown last and nobody has moved the camera since. */
  untouched = false;
  private held = false;
  private widthPx = 1;
  private heightPx = 1;
  private centred = false;
  private readonly shift = { xPx: 0, yPx: 0 };

  /** @param groundAt height of the ground in km, without exaggeration */
  constructor(element: HTMLElement, groundAt: (xKm: number, zKm: number) => number, relief: Relief) {
    this.groundAt = groundAt;
    this.relief = relief;
    this.controls = new MapControls(this.camera, element);
    this.controls.enableDamping = true;
    this.controls.dampingFactor = 0.12;
    this.controls.zoomToCursor = true;
    this.controls.screenSpacePanning = false;
    this.controls.minDistance = DISTANCE_KM_MIN;
    this.controls.maxDistance = DISTANCE_KM_MAX;
    this.controls.maxPolarAngle = TILT_RAD_MAX;
    this.controls.zoomSpeed = 1.6;
    this.controls.mouseButtons = { LEFT: MOUSE.PAN, MIDDLE: MOUSE.DOLLY, RIGHT: MOUSE.ROTATE };
    this.controls.touches = { ONE: TOUCH.PAN, TWO: TOUCH.DOLLY_ROTATE };
    this.controls.addEventListener('start', () => {
      this.flight = null;
      this.held = true;
      this.untouched = false;
    });
    this.controls.addEventListener('end', () => {
      this.held = false;
    });
  }

  get fovDeg(): number {
    return FOV_DEG;
  }

  get distanceKm(): number {
    return this.camera.position.distanceTo(this.controls.target);
  }

  /** Somebody moves the camera, or it flies. */
  get busy(): boolean {
    return this.flight !== null || this.held;
  }

  get pose(): CameraPose {
    this.spherical.setFromVector3(this.offset.copy(this.camera.position).sub(this.controls.target));
    return {
      xKm: this.controls.target.x,
      zKm: this.controls.target.z,
      distanceKm: this.spherical.radius,
      bearingRad: -this.spherical.theta,
      tiltRad: this.spherical.phi,
    };
  }

  jumpTo(pose: CameraPose): void {
    this.flight = null;
    this.untouched = false;
    this.setPose(pose);
  }

  flyTo(pose: CameraPose, nowMs: number): void {
    this.untouched = false;
    if (this.reducedMotion) {
      this.jumpTo(pose);
      return;
    }
    const from = this.pose;
    // Turn the short way round.
    const turn = ((((pose.bearingRad - from.bearingRad) % (2 * Math.PI)) + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
    this.flight = { from, to: { ...pose, bearingRad: from.bearingRad + turn }, startMs: nowMs, durationMs: FLY_MS };
  }

  /** Pan by a part of what is seen, zoom by a factor, turn and tilt by radians: what the keys and buttons do. */
  nudge(step: { right?: number; forward?: number; zoom?: number; turn?: number; tilt?: number }): void {
    this.flight = null;
    this.untouched = false;
    const pose = this.pose;
    const right = (step.right ?? 0) * pose.distanceKm * 0.35;
    const forward = (step.forward ?? 0) * pose.distanceKm * 0.35;
    pose.xKm += Math.cos(pose.bearingRad) * right + Math.sin(pose.bearingRad) * forward;
    pose.zKm += Math.sin(pose.bearingRad) * right - Math.cos(pose.bearingRad) * forward;
    pose.distanceKm = Math.min(Math.max(pose.distanceKm * (step.zoom ?? 1), DISTANCE_KM_MIN), this.controls.maxDistance);
    pose.bearingRad += step.turn ?? 0;
    pose.tiltRad = Math.min(Math.max(pose.tiltRad + (step.tilt ?? 0), 0.02), TILT_RAD_MAX);
    this.setPose(pose);
  }

  /** Keeps the same view of a point that moves: following. */
  carry(xKm: number, zKm: number): void {
    if (this.flight !== null) {
      this.flight.to.xKm = xKm;
      this.flight.to.zKm = zKm;
      return;
    }
    const dx = xKm - this.controls.target.x;
    const dz = zKm - this.controls.target.z;
    this.controls.target.x += dx;
    this.controls.target.z += dz;
    this.camera.position.x += dx;
    this.camera.position.z += dz;
  }

  resize(widthPx: number, heightPx: number): void {
    this.widthPx = widthPx;
    this.heightPx = Math.max(heightPx, 1);
    this.camera.aspect = widthPx / this.heightPx;
  }

  /** Puts what is looked at into the middle of the free part of the window, eased while panels open and close. */
  centreIn(insets: Insets, elapsedS: number): void {
    const x = (insets.left - insets.right) / 2;
    const y = (insets.top - insets.bottom) / 2;
    const part = this.reducedMotion || !this.centred ? 1 : 1 - Math.exp(-elapsedS / CENTRE_EASE_S);
    this.centred = true;
    this.shift.xPx += (x - this.shift.xPx) * part;
    this.shift.yPx += (y - this.shift.yPx) * part;
    this.camera.setViewOffset(this.widthPx, this.heightPx, -this.shift.xPx, -this.shift.yPx, this.widthPx, this.heightPx);
  }

  update(nowMs: number): void {
    if (this.flight !== null) this.fly(this.flight, nowMs);
    this.controls.update();
    this.stayOnGround();
    const distance = this.distanceKm;
    this.camera.near = Math.max(distance * 0.03, 0.004);
    this.camera.far = distance * 6 + 60;
    this.camera.updateProjectionMatrix();
    this.camera.updateMatrixWorld();
  }

  dispose(): void {
    this.controls.dispose();
  }

  private fly(flight: Flight, nowMs: number): void {
    const linear = Math.min((nowMs - flight.startMs) / flight.durationMs, 1);
    const part = linear < 0.5 ? 4 * linear ** 3 : 1 - (-2 * linear + 2) ** 3 / 2;
    const { from, to } = flight;
    const mix = (a: number, b: number): number => a + (b - a) * part;
    const acrossKm = Math.hypot(to.xKm - from.xKm, to.zKm - from.zKm);
    // A long way is flown over a hump, so that one sees where it goes.
    const hump = Math.sin(Math.PI * part) * Math.min(acrossKm * 0.5, 140);
    const distanceKm = Math.exp(mix(Math.log(from.distanceKm), Math.log(to.distanceKm))) + (linear < 1 ? hump : 0);
    this.setPose({
      xKm: mix(from.xKm, to.xKm),
      zKm: mix(from.zKm, to.zKm),
      distanceKm: Math.min(distanceKm, this.controls.maxDistance),
      bearingRad: mix(from.bearingRad, to.bearingRad),
      tiltRad: mix(from.tiltRad, to.tiltRad),
    });
    if (linear >= 1) this.flight = null;
  }

  private setPose(pose: CameraPose): void {
    const altKm = this.groundAt(pose.xKm, pose.zKm) * this.relief.at(pose.distanceKm);
    this.controls.target.set(pose.xKm, altKm, pose.zKm);
    this.spherical.set(pose.distanceKm, Math.max(pose.tiltRad, 0.001), -pose.bearingRad);
    this.camera.position.setFromSpherical(this.spherical).add(this.controls.target);
    this.camera.lookAt(this.controls.target);
  }

  /** The point looked at follows the ground under it, and the camera stays above the ground. */
  private stayOnGround(): void {
    const { target } = this.controls;
    const exaggeration = this.relief.at(this.distanceKm);
    const wanted = this.groundAt(target.x, target.z) * exaggeration;
    const rise = (wanted - target.y) * 0.25;
    target.y += rise;
    this.camera.position.y += rise;
    const floor = this.groundAt(this.camera.position.x, this.camera.position.z) * exaggeration + Math.max(this.distanceKm * 0.04, 0.012);
    if (this.camera.position.y < floor) this.camera.position.y = floor;
  }
}
