import { createHash, timingSafeEqual } from 'node:crypto';
import { StationPageError } from './station-page-error.ts';

/** Somebody who may act on the station's page. */
export interface PagePerson {
  /** As the log of acts says it; null: whoever has the station's one token. */
  readonly name: string | null;
  readonly token: string;
}

const TOKEN_LENGTH_MIN = 16;
const NAME_LENGTH_MAX = 80;
const PEOPLE_MAX = 200;

/**
 * A token a line, with the name of whose it is after it; a token alone is the station's, and its acts are nobody's in particular. Empty
 * lines and those that begin with `#` are left out.
 * @throws StationPageError a token that is too short or stands twice, a name that is too long or stands twice
 */
export function readPeople(text: string): PagePerson[] {
  const lines = text.split('\n').map((line) => line.trim());
  const people = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [token = '', ...name] = line.split(/\s+/);
      return { token, name: name.length === 0 ? null : name.join(' ') };
    });
  checkPeople(people);
  return people;
}

/** @throws StationPageError as {@link readPeople} */
export function checkPeople(people: readonly PagePerson[]): void {
  if (people.length > PEOPLE_MAX) throw new StationPageError(`more than ${PEOPLE_MAX} people for the station's page`);
  const names = people.flatMap(({ name }) => name ?? []);
  for (const { token } of people) {
    if (token.length < TOKEN_LENGTH_MIN)
      throw new StationPageError(`a token of the station's page is shorter than ${TOKEN_LENGTH_MIN} characters`);
  }
  if (new Set(people.map(({ token }) => token)).size < people.length)
    throw new StationPageError("a token of the station's page stands twice: nobody could say whose act it was");
  if (new Set(names).size < names.length) throw new StationPageError("a name of the station's page stands twice");
  if (names.some((name) => name.length > NAME_LENGTH_MAX))
    throw new StationPageError(`a name of the station's page is longer than ${NAME_LENGTH_MAX} characters`);
}

/** Whose token it is; null: nobody's. All are looked at, so that the time it takes tells nothing. */
export function personOf(people: readonly PagePerson[], given: string): PagePerson | null {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const asked = digest(given);
  let found: PagePerson | null = null;
  for (const person of people) if (timingSafeEqual(digest(person.token), asked)) found = person;
  return found;
}
