/** Cuts a set of nodes into its connected parts. */
export function connectedParts(
  nodes: readonly string[],
  neighborsOf: (node: string) => readonly string[],
): string[][] {
  const left = new Set(nodes);
  const parts: string[][] = [];
  for (const start of nodes) {
    if (!left.delete(start)) continue;
    const part = [start];
    for (let at = 0; at < part.length; at += 1) {
      for (const neighbor of neighborsOf(part[at] ?? ''))
        if (left.delete(neighbor)) part.push(neighbor);
    }
    parts.push(part);
  }
  return parts;
}
