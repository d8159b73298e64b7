/**
 * Builds the console from `web/` into `dist/web/`. Paths are relative, so that it works under any
 * prefix. The nonce's place holder is what the server replaces; see web/README.md.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'web',
  base: './',
  plugins: [react()],
  html: { cspNonce: 'LOCKSTEP_CSP_NONCE' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // A data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    // Minified, not as it travels: the first load is about 156 KB compressed, asserted by a test.
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:8787' } },
});
