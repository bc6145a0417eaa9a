/** The URL of a module beside another one, with the same ending: `.ts` in the sources, `.js` in dist. */
export function beside(name: string, moduleUrl: string): URL {
  const ending = moduleUrl.slice(moduleUrl.lastIndexOf("."));
  return new URL(`./${name}${ending}`, moduleUrl);
}
