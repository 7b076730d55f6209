import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

// The page, whole in dist/page.html: beside what tsup has put there.
export default defineConfig({
  root: 'src/page',
  plugins: [viteSingleFile({ removeViteModuleLoader: true })],
  build: {
    outDir: '../../dist',
    emptyOutDir: false,
    target: 'es2022',
    rolldownOptions: { input: 'src/page/page.html' },
  },
});
