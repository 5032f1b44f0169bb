import { simulateCommand } from './simulate-command.ts';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
const { stdout, stderr } = process;
process.exitCode = await simulateCommand(process.argv.slice(2), { stdout, stderr, signal: stop.signal });
