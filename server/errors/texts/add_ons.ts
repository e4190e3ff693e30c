import type { Texts } from "./text.ts";

/** Services and products that are added to an appointment. */
export const addOnTexts = {
  "VALIDATION service_or_product": {
    ro: "Alegeți un serviciu sau un produs de adăugat.",
    en: "Choose a service or a product to add.",
    details: { field: "text" },
  },
  "VALIDATION quantity_out_of_range": {
    ro: "Alegeți o cantitate de la 1 la {most}.",
    en: "Choose a quantity from 1 to {most}.",
    details: { field: "text", most: "number" },
  },
  "VALIDATION minutes_out_of_range": {
    ro: "Alegeți câte minute durează în plus, de la 0 la 1440; un produs nu durează.",
    en: "Choose how many minutes it takes in addition, from 0 to 1440; a product takes none.",
    details: { field: "text" },
  },
  "VALIDATION longer_than_a_day": {
    ro: "Programarea ar dura mai mult de o zi. Alegeți mai puține minute.",
    en: "The appointment would take more than a day. Choose fewer minutes.",
    details: { field: "text" },
  },
  "VALIDATION other_currency": {
    ro: "Prețul este în altă monedă decât programarea. Alegeți altceva.",
    en: "The price is in another currency than the appointment. Choose something else.",
    details: { field: "text" },
  },
  "NOT_FOUND service_not_found": {
    ro: "Nu găsim acest serviciu. Reîncărcați lista și alegeți din nou.",
    en: "We do not find this service. Reload the list and choose again.",
  },
  "NOT_FOUND product_not_found": {
    ro: "Nu găsim acest produs. Reîncărcați lista și alegeți din nou.",
    en: "We do not find this product. Reload the list and choose again.",
  },
  "NOT_FOUND add_on_not_found": {
    ro: "Nu găsim ce s-a adăugat. Reîncărcați programarea.",
    en: "We do not find what was added. Reload the appointment.",
  },
  "STATE appointment_is_over": {
    ro: "Programarea s-a încheiat, așa că nu se mai schimbă nimic la ea.",
    en: "The appointment is over, so nothing about it changes any more.",
    details: { status: "data" },
  },
  "STATE group_has_one_length": {
    ro: "O ședință de grup durează cât este prevăzut. Adăugați serviciul fără minute în plus sau alegeți altă oră.",
    en: "A group session is as long as it is planned. Add the service without minutes, or choose another time.",
  },
} as const satisfies Texts;
