import { useContext } from "preact/hooks";
import { LanguageContext } from "../components/texts.ts";
import { dayIn, dayOfMoment, daysIn, momentIn, ZONE } from "./days.ts";
import { money, quantity, quantityOf, unitPrice } from "./money.ts";

/** Amounts, days and moments as the language of the page writes them; moments by the clock of the clinic's bills. */
export function useWritten(zone: string = ZONE) {
  const language = useContext(LanguageContext);
  return {
    language,
    money: (amount: string | bigint, currency: string) => money(amount, currency, language),
    unitPrice: (amount: string, currency: string) => unitPrice(amount, currency, language),
    quantity: (number: string | number) => quantity(number, language),
    quantityOf: (number: string | number, unit: string) => quantityOf(number, unit, language),
    day: (day: string) => dayIn(day, language),
    days: (startsOn: string, endsOn: string) => daysIn(startsOn, endsOn, language),
    dayOf: (moment: string) => dayOfMoment(moment, zone, language),
    moment: (moment: string) => momentIn(moment, zone, language),
    /** What a row says in both languages. */
    text: (texts: unknown): string => {
      const { ro, en } = (texts ?? {}) as { ro?: string; en?: string };
      return (language === "ro" ? (ro ?? en) : (en ?? ro)) ?? "";
    },
  };
}
