/**
 * Returns a function that puts the caller's name of a model into JSON text without writing the JSON anew.
 *
 * Returns `undefined` when the text does not hold the name in its plainest form.
 */
export function createModelRenamer(
  modelId: string,
): (json: string, current: string) => string | undefined {
  const to = `"model":${JSON.stringify(modelId)}`;
  let from = '';
  let last = '';
  return (json, current) => {
    if (current !== last || from === '') {
      last = current;
      from = `"model":${JSON.stringify(current)}`;
    }
    const at = json.indexOf(from);
    return at === -1 ? undefined : json.slice(0, at) + to + json.slice(at + from.length);
  };
}
