import { defineConfig, type Plugin } from 'vite';
import { appIcons } from './vite/app-icons.ts';

/** Font style sheets name a woff fallback for browsers without WebGL 2: it would only be copied, never loaded. */
function woff2Only(): Plugin {
  return {
    name: 'woff2-only',
    enforce: 'pre',
    transform(code, id) {
      if (!/@fontsource[^?]*\.css/.test(id)) return null;
      return { code: code.replaceAll(/, url\([^)]*\.woff\) format\('woff'\)/g, ''), map: null };
    },
  };
}

export default defineConfig({
  plugins: [appIcons(), woff2Only()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // Fonts are loaded piece by piece; none is worth inlining. three alone is larger than the default warning.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_200,
    sourcemap: false,
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'three', test: /node_modules[\\/]three/ }] } } },
  },
  server: {
    port: 5173,
    proxy: {
      '/api': 'http://localhost:8080',
      '/ws': { target: 'ws://localhost:8080', ws: true },
    },
  },
});
