import { readFileSync } from "node:fs";
import type { Weekday } from "./local_time.ts";
import { type Persona, personas } from "./personas.ts";

/** "08:00-12:00 13:00-16:00" by weekday. */
export type Hours = Partial<Record<Weekday, string>>;

export type Someone = { name: string; email: string; locale: "ro" | "en" };

export type Specialist = {
  title: string;
  given_name: string;
  family_name: string;
  persona?: Persona;
  email?: string;
  role?: string;
  registration_number: string;
  specialties: string[];
  hours: Hours;
  overrides?: { kind: "closed" | "extra"; from: string; days: number; hours?: string; note: string }[];
};

export type Service = {
  name: string;
  description: string;
  en: { name: string; description: string };
  minutes: number;
  /** In bani. */
  price: number;
  modality?: "video";
  for?: "children";
};

export type Calendar = {
  service: string;
  name: string;
  en: string;
  strategy: "round_robin" | "priority" | "specific";
  /** In a priority calendar the first comes first. */
  specialists: string[];
  any?: boolean;
  public?: boolean;
  step?: number;
  buffer_before?: number;
  buffer_after?: number;
  notice?: number;
  price?: number;
  hours?: Hours;
  /** How often it is booked, against the other calendars of the same specialist. */
  share: number;
};

export type Clinic = {
  slug: string;
  name: string;
  city: string;
  street: string;
  contact_email: string;
  contact_phone: string;
  booking_response_hours: number;
  staff: { persona?: Persona; name?: string; email?: string; role: string }[];
  specialists: Record<string, Specialist>;
  services: Record<string, Service>;
  calendars: Calendar[];
};

export type Person = {
  name: string;
  persona?: Persona;
  born?: string;
  age?: number;
  email?: null;
  locale?: "en";
  caregiver?: { name: string; relationship: string; evidence: string };
};

export const timezone = "Europe/Bucharest";

export const clinics: Clinic[] = read("clinics.json");
export const people: Record<string, Person[]> = read("people.json");

/** A form of a patient, by the key of its template, and how far it has come. */
export type SeededForm = {
  patient: string;
  template: string;
  state: "pending" | "in_progress" | "completed" | "signed";
  answers?: Record<string, unknown>;
};

export const forms: Record<string, SeededForm[]> = read("forms.json");

/** What a clinic sells, its price in bani. */
export type Sold = {
  name: string;
  description: string;
  en: { name: string; description: string };
  price: number;
};
export type Plan = Sold & {
  sessions?: number;
  days?: number;
  telerehab?: boolean;
  library?: boolean;
  services: string[];
};
export type Tier = Sold & { includes: { plan: string; quantity: number; carry_over: boolean }[] };

/** Plans and tiers by clinic, and who has which. */
export const plans: Record<
  string,
  {
    plans: Record<string, Plan>;
    tiers: Record<string, Tier>;
    bought: { patient: string; plan: string; used: number }[];
    subscribed: { patient: string; tier: string }[];
  }
> = read("plans.json");

/** The name, address and language of somebody in the files: a persona's are kept with the personas. */
export function someone({ persona, name, email, locale }: Partial<Someone> & { persona?: Persona }): Someone {
  if (persona) return personas[persona];
  return { name: name as string, email: email ?? addressOf(name as string), locale: locale ?? "ro" };
}

export function fullName({ given_name, family_name }: { given_name: string; family_name: string }): string {
  return `${given_name} ${family_name}`;
}

/** example.com receives no mail, whoever sends it (RFC 2606). */
export function addressOf(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return `${plain.replace(/[^a-z]+/g, ".")}@example.com`;
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));
}
