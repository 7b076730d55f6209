const KEY = 'keepset-theme';

/** The button that turns dark into light and back; until it is used, the system decides. */
export function startTheme(): void {
  const root = document.documentElement;
  document.getElementById('theme')?.addEventListener('click', () => {
    const isDark = root.dataset.theme
      ? root.dataset.theme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
    try {
      localStorage.setItem(KEY, root.dataset.theme);
    } catch {
      // A page from a disk may have no storage: then it forgets.
    }
  });
}
