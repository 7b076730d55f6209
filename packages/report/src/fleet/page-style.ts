/** Of a page of tables; it follows the system's light or dark. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --text: light-dark(#1b1f24, #e6e8eb); --page: light-dark(#ffffff, #14171a);
  --line: light-dark(#c9d0d7, #3a424a); font: 16px / 1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 75rem; padding: 1rem; color: var(--text); background: var(--page); }
h1 { font-size: 1.6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; border-bottom: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; font-size: 0.85rem; }
th, td { text-align: start; padding: 0.2rem 0.5rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
`;
