import { type DestinationStream, type Logger, pino } from "pino";
import { isDatabaseError } from "./database_error.ts";
import type { LogLevel } from "./environment/variables.ts";

/** Anything that could be a token, an address or a telephone number, in a text somebody else wrote. */
const personal: [RegExp, string][] = [
  [/\beyJ[\w-]*\.[\w-]+\.[\w-]*/g, "[token]"],
  [/[^\s@"'<>(]+@[^\s@"'<>)]+\.[^\s@"'<>)]+/g, "[email]"],
  [/(?<![\w-])\+?\d[\d ().-]{7,}\d(?![\w-])/g, "[number]"],
];

/** Takes out of a text what logs must not hold (FND-28). */
export function scrub(text: string): string {
  return personal.reduce((clean, [pattern, mark]) => clean.replace(pattern, mark), text);
}

/**
 * Structured logs without personal data (FND-28): who asked is an id, what was asked is a path, and
 * errors are described rather than printed, because their messages quote values.
 */
export function createLog(config: { logLevel: LogLevel }, destination?: DestinationStream): Logger {
  const options = {
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination ? pino(options, destination) : pino(options);
}

export type ErrorDescription = {
  name: string;
  message?: string;
  sqlstate?: string;
  table?: string;
  constraint?: string;
  column?: string;
  routine?: string;
  stack?: string;
};

/** What helps to find a fault: never a database message that could quote a row, never a DETAIL. */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error };
  const stack = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const described: ErrorDescription = {
    name: error.name,
    stack: stack
      .slice(0, 12)
      .map((line) => line.trim())
      .join(" | "),
  };
  if (!isDatabaseError(error)) return { ...described, message: scrub(error.message).slice(0, 500) };

  const { code, table, constraint, column, routine } = error;
  return {
    ...described,
    sqlstate: code,
    // Class 42 is about names in our own SQL; other messages may repeat what somebody typed.
    ...(code.startsWith("42") ? { message: scrub(error.message).slice(0, 500) } : {}),
    ...(table ? { table } : {}),
    ...(constraint ? { constraint } : {}),
    ...(column ? { column } : {}),
    ...(routine ? { routine } : {}),
  };
}

/**
 * Libraries print through the console, sometimes an error with the row in it: their lines take the same
 * way as ours, described and scrubbed (FND-28).
 */
export function captureConsole(log: Logger): void {
  const through =
    (level: "warn" | "error") =>
    (...parts: unknown[]): void =>
      log[level](
        {
          console: parts.map((part) =>
            typeof part === "string" ? scrub(part).slice(0, 300) : describeError(part),
          ),
        },
        "library",
      );
  console.warn = through("warn");
  console.error = through("error");
  console.log = through("warn");
  console.dir = through("warn");
}
