import { isObject } from '../api/asked-container.js';
import type { Answer } from '../proxy/pass-request.js';

/** Told the id of what the engine has made. */
export function onCreated(tell: (id: string) => void): (answer: Answer) => Answer {
  return (answer) => {
    if (answer.status !== 201) return answer;
    const value: unknown = JSON.parse(answer.body.toString('utf8'));
    if (isObject(value) && typeof value.Id === 'string') tell(value.Id);
    return answer;
  };
}
