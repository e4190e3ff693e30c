/** Settings that cannot be used. Each problem is one line that names the variable and what is expected, never the value. */
export class ConfigError extends Error {
  override name = "ConfigError";
  readonly problems: readonly string[];

  constructor(...problems: string[]) {
    super(
      problems.length === 1
        ? problems[0]
        : `${problems.length} settings are missing or wrong:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
    );
    this.problems = problems;
  }
}

/**
 * Reads several things, and answers with all of them. Where some are wrong, it goes on reading and throws one
 * ConfigError that names everything: an operator mends a list once, not one line a start. FND-36.
 */
export function together<const Readers extends readonly (() => unknown)[]>(
  ...readers: Readers
): { [index in keyof Readers]: ReturnType<Readers[index]> } {
  const problems = new Set<string>();
  const values = readers.map((read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const problem of error.problems) problems.add(problem);
      return undefined;
    }
  });
  if (problems.size > 0) throw new ConfigError(...problems);
  return values as never;
}

/** What is wrong with something that is read; nothing when it can be. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}
