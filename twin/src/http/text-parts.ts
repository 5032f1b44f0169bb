import type { FastifyInstance } from 'fastify';

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/**
 * Numbers and flags in paths and queries are text, and are read here as their schema says; what is none stays text, and is refused with it.
 * Nothing else is taken for what it is not: JSON has numbers and texts, and an amount that came as a number may have lost its last digits.
 */
export function readTextParts(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    const { querystring, params } = request.routeOptions.schema ?? {};
    request.query = readAs(querystring, request.query);
    request.params = readAs(params, request.params);
  });
}

function readAs(schema: unknown, value: unknown): unknown {
  const type = fieldOf(schema, 'type');
  if (type === 'array') return (Array.isArray(value) ? value : [value]).map((each) => readAs(fieldOf(schema, 'items'), each));
  if (type === 'object' && isRecord(value)) {
    const properties = fieldOf(schema, 'properties');
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, readAs(fieldOf(properties, name), each)]));
  }
  if (typeof value !== 'string') return value;
  if ((type === 'integer' || type === 'number') && NUMBER.test(value)) return Number(value);
  return type === 'boolean' && (value === 'true' || value === 'false') ? value === 'true' : value;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldOf = (value: unknown, name: string): unknown => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined);
