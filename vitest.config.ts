import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    exclude: ['dist/**', 'node_modules/**', '.runtime/**'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
