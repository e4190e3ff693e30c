/**
 * What the scalars of the API are in TypeScript (docs/decisions/0080). Answers carry text that says of what kind it
 * is, so that a name is not taken for an id, nor a day for an instant; it is text all the same, and can be shown as it is.
 */
declare const kind: unique symbol;
type Text<Kind extends string> = string & { readonly [kind]: Kind };

/** The id of a row. */
export type UUID = Text<"UUID">;
/** An instant with its offset, such as 2027-03-01T09:00:00+02:00. */
export type Datetime = Text<"Datetime">;
/** A day of the calendar, such as 2027-03-01: `Date` in the schema. */
export type LocalDate = Text<"Date">;
/** A time on the clock of the zone beside it, such as 09:30:00. */
export type LocalTime = Text<"LocalTime">;
/** An address of mail, as the API writes it. */
export type Email = Text<"Email">;
/** A telephone number in E.164, such as +40700000123. */
export type PhoneNumber = Text<"PhoneNumber">;
/** The IANA name of a zone, such as Europe/Bucharest. */
export type TimeZone = Text<"TimeZone">;
/** Where a page ended: the next one begins after it. */
export type Cursor = Text<"Cursor">;
/** Whole minutes. */
export type Minutes = number;
/** A whole number of eight bytes as text; `BigInt(value)` counts with it. */
export type BigInteger = Text<"BigInt">;
/** A number of any precision as text, for it may have more digits than a number of JavaScript. */
export type BigFloat = Text<"BigFloat">;
/** Money in the smallest unit of its currency, as text: "20000" is 200.00 RON. */
export type MoneyMinor = Text<"MoneyMinor">;

/** What may be given for an instant; a Date is written with its offset. */
export type GivenDatetime = Datetime | Date;
/** What may be given for a whole number, and for money; a bigint is written as text. */
export type GivenBigInteger = BigInteger | bigint;
export type GivenMoneyMinor = MoneyMinor | bigint;

const patterns = {
  UUID: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  Datetime: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i,
  Date: /^\d{4}-\d\d-\d\d$/,
  LocalTime: /^\d\d:\d\d(:\d\d(\.\d+)?)?$/,
} as const;

/** Text from elsewhere (a link, a form) as what it must be; throws a TypeError where it is something else. */
export const uuid = (text: string): UUID => read("UUID", text);
export const datetime = (text: string): Datetime => read("Datetime", text);
export const localDate = (text: string): LocalDate => read("Date", text);
export const localTime = (text: string): LocalTime => read("LocalTime", text);

function read<Kind extends keyof typeof patterns>(name: Kind, text: string): Text<Kind> {
  if (!patterns[name].test(text)) throw new TypeError(`${JSON.stringify(text)} is no ${name}`);
  return text as Text<Kind>;
}
