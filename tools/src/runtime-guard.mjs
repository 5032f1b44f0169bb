/**
 * Refuses to go on under another Node than the pinned one. npm installs the runtime as an optional dependency, and a
 * failed optional install is silent: this turns it into one clear line. Plain JavaScript, because the Node that it has
 * to refuse cannot read TypeScript.
 */
const needed = 26;
const major = Number(process.versions.node.split('.')[0]);
if (major < needed) {
  process.stderr.write(
    `Corridor Twin needs Node ${needed}; this is ${process.version}. The runtime comes with "npm ci" as an optional dependency: run "npm ci" again without --omit=optional, and use "npm start" / "npm test" / "npm run …" so that it is found.\n`,
  );
  process.exit(1);
}
