import process from 'node:process';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

// In development the gateway runs beside `vite dev`; its address can be changed by SANBIAN_GATEWAY.
const gateway = process.env.SANBIAN_GATEWAY ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [sveltekit()],
  // Phones of the last five years; older ones get the same markup with less polish.
  build: { target: 'es2022', reportCompressedSize: false, chunkSizeWarningLimit: 1500 },
  server: { proxy: { '/api': gateway, '/ledger': gateway } },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
    // Components' state modules use runes: take the browser build of Svelte.
    alias: [],
    expect: { requireAssertions: true }
  },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : undefined
});
