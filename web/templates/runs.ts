/** A piece of text, or a value that is bound; each as it is written. */
type Marks = { bold?: true; italic?: true };
export type Run = Marks & ({ text: string } | { field: string; format?: string });

/** A run of one letter, or a bound value: what a caret goes by. */
type Atom = Run;

export type Range = { from: number; to: number };

export function atomsOf(runs: readonly Run[]): Atom[] {
  return runs.flatMap((run): Atom[] => {
    if ("field" in run) return [run];
    const { text, ...marks } = run;
    return text.split("").map((letter) => ({ ...marks, text: letter }));
  });
}

export function runsOf(atoms: readonly Atom[]): Run[] {
  const runs: Run[] = [];
  for (const atom of atoms) {
    const last = runs.at(-1);
    if (last && "text" in last && "text" in atom && last.bold === atom.bold && last.italic === atom.italic)
      last.text += atom.text;
    else runs.push({ ...atom });
  }
  // What is empty is still there to be written into.
  return runs.length > 0 ? runs : [{ text: "" }];
}

/** The same with a mark on what is chosen, or without it where all of that has it; nothing chosen means everything. */
export function marked(runs: readonly Run[], mark: "bold" | "italic", { from, to }: Range): Run[] {
  const atoms = atomsOf(runs);
  const isMeant = (i: number) => from === to || (i >= from && i < to);
  const isOn = atoms.every((atom, i) => !isMeant(i) || atom[mark]);
  return runsOf(
    atoms.map((atom, i) => {
      if (!isMeant(i)) return atom;
      const { [mark]: _, ...rest } = atom;
      return (isOn ? rest : { ...rest, [mark]: true }) as Atom;
    }),
  );
}

/** The same with a bound value in the place of what is chosen, marked as what stands before it. */
export function bound(runs: readonly Run[], field: string, format: string, { from, to }: Range): Run[] {
  const atoms = atomsOf(runs);
  const { bold, italic } = atoms[from - 1] ?? {};
  const atom = {
    field,
    ...(format && { format }),
    ...(bold && { bold }),
    ...(italic && { italic }),
  } as Atom;
  return runsOf([...atoms.slice(0, from), atom, ...atoms.slice(to)]);
}

/** In one line, for whoever looks for a block. */
export function inWords(runs: unknown, labelOf: (field: string) => string): string {
  if (!Array.isArray(runs)) return "";
  return (runs as Run[]).map((run) => ("field" in run ? `[${labelOf(run.field)}]` : run.text)).join("");
}
