import { readdirSync } from "node:fs";

/**
 * What the files of a folder export by default, by the names of the files, in their order: so whatever is added is one
 * file, and no list names it. Throws and names the file where one exports something else, or nothing.
 */
export async function byFile<T>(
  folder: URL,
  isOne: (found: unknown) => found is T,
  what: string,
): Promise<Record<string, T>> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .sort();
  const found = await Promise.all(
    files.map(async (file) => {
      const { default: one } = (await import(new URL(file, folder).href)) as { default?: unknown };
      if (!isOne(one)) throw new Error(`${file} does not export ${what} by default`);
      return [file.slice(0, -".ts".length), one] as const;
    }),
  );
  return Object.fromEntries(found);
}
