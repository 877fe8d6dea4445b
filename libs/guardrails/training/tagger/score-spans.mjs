/** Precision, recall and F-beta of spans of the same type that overlap by at least `iou`; each is matched once. */
export function createSpanScore({ iou, beta, typed = true }) {
  const counts = new Map();
  const row = (type) => {
    if (!counts.has(type)) counts.set(type, { hit: 0, found: 0, gold: 0 });
    return counts.get(type);
  };
  return {
    add(gold, found) {
      const free = [...found];
      for (const one of found) row(one.type).found += 1;
      for (const wanted of gold) {
        row(wanted.type).gold += 1;
        const at = free.findIndex((span) => {
          if (typed && span.type !== wanted.type) return false;
          const shared = Math.min(span.end, wanted.end) - Math.max(span.start, wanted.start);
          const all = Math.max(span.end, wanted.end) - Math.min(span.start, wanted.start);
          return shared / all >= iou;
        });
        if (at >= 0) {
          row(wanted.type).hit += 1;
          free.splice(at, 1);
        }
      }
    },
    rows() {
      const total = { hit: 0, found: 0, gold: 0 };
      for (const one of counts.values())
        for (const key of Object.keys(total)) total[key] += one[key];
      return [...counts, ['all', total]].map(([type, { hit, found, gold }]) => {
        const precision = found === 0 ? 0 : hit / found;
        const recall = gold === 0 ? 0 : hit / gold;
        const f =
          hit === 0 ? 0 : ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall);
        return { type, gold, found, precision, recall, f };
      });
    },
  };
}
