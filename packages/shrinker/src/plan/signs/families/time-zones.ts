import { type Family, isMet } from './family.js';

const ZONE = /^(.*\/zoneinfo)\/(?!right\/|posix\/)([A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*)$/;
/** What programs ask for where no other zone is meant. */
const PLAIN = /^(?:(?:Etc\/)?(?:UTC|UCT|GMT|Universal|Zulu)|Factory)$/;
const LOCAL = '/etc/localtime';

/**
 * Time zones that are asked for by name: by a program's input, not by /etc/localtime or TZ, which are the image's.
 *
 * @see tzset(3), tzfile(5)
 */
export const timeZones: Family = {
  kind: 'time-zones-removed',
  title: 'time zones',
  lookedUpIn({ path, reasons }, { runs }) {
    const [, folder, name = ''] = ZONE.exec(path) ?? [];
    if (PLAIN.test(name) || runs.some(({ timeZone }) => timeZone?.replace(/^:/, '') === name))
      return undefined;
    const byName = reasons.some(
      (reason) => reason.kind === 'access' && reason.action === 'open' && reason.asked !== LOCAL,
    );
    return byName ? folder : undefined;
  },
  nameOf: (path) => ZONE.exec(path)?.[2],
  isUsed: isMet,
  cure: 'keep their folder if other zones will be asked for; else all is well',
};
