import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT_FOLDER } from './tidy/repository.ts';

type Service = {
  image?: string;
  build?: string;
  command?: string[];
  restart?: string;
  profiles?: string[];
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
};

const text = readFileSync(join(ROOT_FOLDER, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, unknown> };
const services = Object.entries(compose.services);
const dockerfile = readFileSync(join(ROOT_FOLDER, 'Dockerfile'), 'utf8');
/** Services that run once or have no state another one waits for. */
const WITHOUT_HEALTH = new Set(['nats-setup', 'simulator']);

describe('docker-compose.yml', () => {
  it('has the parts of the production shape, the simulator only by its profile', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['nats', 'nats-setup', 'simulator', 'timescaledb', 'twin']);
    expect(compose.services['simulator']?.profiles).toEqual(['traffic']);
    for (const [name, { profiles }] of services) if (name !== 'simulator') expect(profiles, name).toBeUndefined();
  });

  it('checks the health of every server; the image of the twin checks /readyz', () => {
    for (const [name, { healthcheck, build }] of services) {
      if (WITHOUT_HEALTH.has(name)) continue;
      if (build !== undefined) expect(healthcheck, `${name} keeps the health check of its image`).toBeUndefined();
      else expect(healthcheck?.test?.length, name).toBeGreaterThan(1);
    }
    expect(dockerfile).toMatch(/^HEALTHCHECK [\s\S]*\/readyz/m);
  });

  it('waits for what a part needs, by health and not by start', () => {
    for (const [name, { depends_on }] of services)
      for (const [needed, { condition }] of Object.entries(depends_on ?? {})) {
        expect(compose.services[needed], `${name} needs ${needed}`).toBeDefined();
        expect(condition, `${name} needs ${needed}`).toBe(needed === 'nats-setup' ? 'service_completed_successfully' : 'service_healthy');
      }
    expect(Object.keys(compose.services['twin']?.depends_on ?? {}).sort()).toEqual(['nats', 'timescaledb']);
  });

  it('has no default secret: a missing one is refused by name, none is written down', () => {
    const secret = /PASSWORD|SECRET|TOKEN|SEED|KEY$/;
    for (const [name, { environment }] of services)
      for (const [variable, value] of Object.entries(environment ?? {})) {
        // A profile's secret cannot be demanded while the profile is off: it may be empty, never preset.
        if (secret.test(variable))
          expect(value, `${name}.${variable}`).toMatch(name === 'simulator' ? /^\$\{[A-Z_]+:-\}$/ : /^\$\{[A-Z_]+:\?[^}]+\}$/);
        for (const [, credentials] of value.matchAll(/:\/\/[^/]*?:([^@]*)@/g))
          expect(credentials, `${name}.${variable}`).toMatch(/^\$\{[A-Z_]+:\?[^}]+\}$/);
      }
    expect(text).not.toMatch(/\$\{[A-Z_]*(PASSWORD|SECRET|TOKEN)[A-Z_]*:?-[^}]/);
  });

  it('restarts servers, keeps their data in declared volumes, and pins their images', () => {
    for (const [name, { restart, volumes, image }] of services) {
      expect(restart, name).toBe(name === 'nats-setup' ? 'no' : 'unless-stopped');
      for (const volume of volumes ?? []) expect(Object.keys(compose.volumes), `${name}: ${volume}`).toContain(volume.split(':')[0]);
      expect(image, name).toMatch(/:[\d.]+/);
    }
  });

  it('does not publish the database or the monitoring of NATS', () => {
    expect(compose.services['timescaledb']?.ports).toBeUndefined();
    expect(JSON.stringify(compose.services['nats']?.ports)).not.toContain('8222');
  });

  it('the image is not run as root, and its commands exist', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    const named = [...text.matchAll(/[\w-]+\/src\/[\w/-]+\.ts/g), ...dockerfile.matchAll(/[\w-]+\/src\/[\w/-]+\.ts/g)].map(
      ([path]) => path,
    );
    expect(named.length).toBeGreaterThanOrEqual(3);
    for (const path of named) expect(existsSync(join(ROOT_FOLDER, path)), path).toBe(true);
    for (const workspace of ['protocols', 'actors', 'gateway', 'simulator', 'twin', 'viewer', 'testkit', 'tools'])
      expect(dockerfile).toContain(`COPY ${workspace}/package.json ${workspace}/`);
  });
});
