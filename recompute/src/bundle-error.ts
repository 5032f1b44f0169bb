/** The file is no bundle that this program understands. */
export class BundleError extends Error {
  readonly code = 'BUNDLE_UNREADABLE';
}
