import './style.css';
import { element } from './element.js';
import { headline } from './headline.js';
import { hintList } from './hint-list.js';
import { libraryTable } from './library-table.js';
import { mapSection } from './map-section.js';
import { packageTable } from './package-table.js';
import { programList } from './program-list.js';
import { readData } from './read-data.js';
import { runList } from './run-list.js';
import { searchSection } from './search-section.js';
import { startTheme } from './theme.js';
import { warningList } from './warning-list.js';

startTheme();

const main = document.querySelector('main') as HTMLElement;
try {
  const holder = document.getElementById('data') as HTMLElement;
  const data = await readData(holder.textContent ?? '');
  holder.remove();
  const { source, result } = data;
  const name = result.reference ?? source.reference ?? 'image';
  document.title = `${name}: keepset report`;
  (document.getElementById('title') as HTMLElement).textContent = name;
  (document.getElementById('names') as HTMLElement).textContent =
    `made from ${source.reference ?? source.id}${data.platform ? `, ${data.platform}` : ''}`;
  const search = searchSection(data);
  main.replaceChildren(
    headline(data),
    search.section,
    mapSection(data, search.show),
    packageTable(data),
    runList(data),
    programList(data),
    libraryTable(data),
    warningList(data),
    hintList(data),
  );
} catch (error) {
  main.replaceChildren(
    element('p', { role: 'alert' }, `This page cannot be unpacked: ${(error as Error).message}`),
  );
}
main.removeAttribute('aria-busy');
