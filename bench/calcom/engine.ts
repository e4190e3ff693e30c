import { readdirSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import path from "node:path";
import type { Answer, Question } from "./process.ts";

// A process of its own: what is loaded brings a database client, a log and settings along, none of which is asked for.
process.on("unhandledRejection", () => {}); // the database client finds no engine for this machine, and none is needed

const folder = process.argv[2] as string;
const dist = path.join(folder, "node_modules", "@calcom", "platform-libraries", "dist");

// Mail, telephony, React and some twenty more are loaded beside the engine and never called while it lists slots: where such a
// package is missing, something that answers to everything stands in. Two functions of the engine are not exported.
const standIn = `const p = new Proxy(function () { return p; }, {
  get: (_, key) => (key === "then" ? undefined : key === Symbol.toPrimitive ? () => "" : p), construct: () => p, apply: () => p });
module.exports = p;`;
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch {
      return { url: `missing:${specifier}`, shortCircuit: true, format: "commonjs" };
    }
  },
  load(url, context, next) {
    if (url.startsWith("missing:")) return { format: "commonjs", shortCircuit: true, source: standIn };
    const loaded = next(url, context);
    if (!url.endsWith("/dist/slots.cjs")) return loaded;
    return {
      ...loaded,
      source: `${loaded.source}\nObject.assign(exports, { getAggregatedAvailability, getSlots });`,
    };
  },
});

// A formatter of a zone is made once, as in the dayjs that cal.com runs with: the one that is published makes it for each date.
const formats = new Map<string, Intl.DateTimeFormat>();
const uncached = Date.prototype.toLocaleString;
Date.prototype.toLocaleString = function (
  locale?: Intl.LocalesArgument,
  options?: Intl.DateTimeFormatOptions,
) {
  const { timeZone, ...more } = options ?? {};
  if (locale !== "en-US" || !timeZone || Object.keys(more).length > 0)
    return uncached.call(this, locale, options);
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, {
      timeZone,
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(timeZone, format);
  }
  return format.format(this);
};

const require = createRequire(path.join(dist, "index.cjs"));
const file = readdirSync(dist).find((name) => /^date-ranges-.*\.cjs$/.test(name)) as string;
const { getAggregatedAvailability, getSlots } = require(path.join(dist, "slots.cjs"));
const { buildDateRanges, subtract } = require(path.join(dist, file));
const dayjs = require("dayjs");

/** As its AvailableSlotsService does once the rows are there: hours of each host, less what is taken, together, cut into slots. */
function list({ from, to, minutes, notBefore, timezone, hosts }: Question): number {
  const [dateFrom, dateTo] = [dayjs.utc(from), dayjs.utc(to)];
  const availability = hosts.map(({ hours, closed, busy }) => {
    const { dateRanges, oooExcludedDateRanges } = buildDateRanges({
      availability: hours.map(({ days, startTime, endTime }) => ({
        days,
        startTime: new Date(startTime),
        endTime: new Date(endTime),
      })),
      timeZone: timezone,
      dateFrom,
      dateTo,
      travelSchedules: [],
      outOfOffice: Object.fromEntries(closed.map((date) => [date, { reason: null }])),
    });
    const taken = busy.map(([start, end]) => ({ start: dayjs.utc(start), end: dayjs.utc(end) }));
    return {
      dateRanges: subtract(dateRanges, taken),
      oooExcludedDateRanges: subtract(oooExcludedDateRanges, taken),
      user: { isFixed: false },
    };
  });
  const slots = getSlots({
    inviteeDate: dateFrom.tz(timezone),
    eventLength: minutes,
    frequency: minutes,
    minimumBookingNotice: notBefore,
    dateRanges: getAggregatedAvailability(availability, "ROUND_ROBIN"),
  });
  return slots.length;
}

process.on("message", (question: Question) => {
  const began = performance.now();
  const slots = list(question);
  process.send?.({ milliseconds: performance.now() - began, slots } satisfies Answer);
});
process.once("disconnect", () => process.exit(0));
process.send?.("ready");
