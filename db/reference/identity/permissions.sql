-- Everything that can be allowed. FND-04. What the system roles have of it stands in system_roles.sql.

select app_private.own_rows('app_public.permissions', rows => '
  name                      | description                                                                    | description_ro
  --------------------------+--------------------------------------------------------------------------------+---------------------------------------------------------------------------------------
  appointments.conduct      | Start and finish appointments, record no-shows                                 | Începe și încheie programări, consemnează neprezentări
  appointments.manage       | Book, confirm, cancel; answer booking requests                                 | Programează, confirmă, anulează; răspunde la cererile de programare
  appointments.view         | See the clinic''s appointments and booking requests                            | Vede programările clinicii și cererile de programare
  audit.view                | Read the clinic''s audit log                                                   | Citește jurnalul de audit al clinicii
  automations.manage        | Edit the clinic''s automations, switch them on and off                         | Editează automatizările clinicii, le pornește și le oprește
  automations.view          | See the clinic''s automations and what they did                                | Vede automatizările clinicii și ce au făcut
  billing.manage            | Subscribe the clinic, change its plan, billing details and card                | Abonează clinica, schimbă planul ei, datele de facturare și cardul
  billing.view              | See the clinic''s plan, usage and invoices                                     | Vede planul, consumul și facturile clinicii
  calendars.manage          | Edit bookable calendars                                                        | Editează calendarele în care se fac programări
  consent_texts.manage      | Publish the clinic''s consent texts and privacy notices                        | Publică textele de consimțământ și informările de confidențialitate ale clinicii
  consents.override         | Go on without a consent in an emergency, with a reason                         | Continuă fără consimțământ într-o urgență, cu un motiv
  consents.record           | Record what patients accept, refuse and withdraw, on evidence                  | Consemnează ce acceptă, refuză și retrag pacienții, pe baza unei dovezi
  document_templates.manage | Edit and publish templates of documents, letterheads and footers               | Editează și publică șabloane de documente, anteturi și subsoluri
  documents.manage          | Write and issue the documents of every specialist                              | Scrie și emite documentele oricărui specialist
  documents.view            | See documents of appointments                                                  | Vede documentele programărilor
  exercise_sessions.view    | See what was recorded of patients'' sessions at home, and play it again        | Vede ce s-a înregistrat din ședințele de acasă ale pacienților și le redă
  form_templates.manage     | Edit and publish templates of forms and the clinic''s own fields               | Editează și publică șabloane de formulare și câmpurile clinicii
  forms.fill                | Make forms for patients, fill them in, complete and reopen them                | Face formulare pentru pacienți, le completează, le încheie și le redeschide
  forms.view                | See the patients'' forms and what was answered                                 | Vede formularele pacienților și ce s-a răspuns
  integrations.manage       | Choose vendors and enter the keys of the clinic''s own accounts                | Alege furnizorii și introduce cheile conturilor clinicii
  members.manage            | Add and remove members, give and take roles                                    | Adaugă și scoate membri, dă și ia roluri
  message_templates.manage  | Edit the words of the clinic''s messages                                       | Editează textele mesajelor clinicii
  messages.view             | See which messages the clinic''s patients were sent                            | Vede ce mesaje au primit pacienții clinicii
  organization.manage       | Change the clinic''s details and booking settings                              | Schimbă datele clinicii și setările de programare
  owners.manage             | Name and remove owners of the clinic                                           | Numește și scoate proprietari ai clinicii
  patient_plans.manage      | Sell plans to patients, open access, change subscriptions, adjust what is left | Vinde planuri pacienților, deschide accesul, schimbă abonamente, corectează ce a rămas
  patient_plans.view        | See the plans and subscriptions of the clinic''s patients                      | Vede planurile și abonamentele pacienților clinicii
  patient_tiers.manage      | Edit tiers and what they include                                               | Editează nivelurile de abonament și ce includ
  patients.block            | Keep patients from booking by themselves, and decide about it                  | Oprește pacienți de la a se programa singuri și hotărăște despre aceasta
  patients.manage           | Add and edit patients and their caregivers                                     | Adaugă și editează pacienți și aparținătorii lor
  patients.merge            | Merge two patients who are one person, and undo it                             | Unește doi pacienți care sunt aceeași persoană și desface unirea
  patients.view             | See the clinic''s patients                                                     | Vede pacienții clinicii
  reviews.alerted           | Be told at once of reviews with few stars                                      | Află imediat de recenziile cu puține stele
  reviews.view              | Read patients'' reviews and the specialists'' ratings                          | Citește recenziile pacienților și notele specialiștilor
  roles.manage              | Define the clinic''s own roles                                                 | Definește rolurile clinicii
  schedules.manage          | Edit every specialist''s hours                                                 | Editează programul oricărui specialist
  schedules.manage_own      | Edit one''s own hours as a specialist                                          | Își editează propriul program de specialist
  segments.manage           | Make segments of patients, edit and remove them                                | Face segmente de pacienți, le editează și le elimină
  segments.view             | See segments, and who is in them                                               | Vede segmentele și cine este în ele
  service_plans.manage      | Edit service plans and products                                                | Editează planurile de servicii și produsele
  services.manage           | Edit services and who provides them                                            | Editează serviciile și cine le oferă
  specialists.manage        | Add, edit and remove specialists                                               | Adaugă, editează și scoate specialiști
  specialists.view_org      | See specialists'' accounts and contacts                                        | Vede conturile și datele de contact ale specialiștilor
  specialties.manage        | Edit the clinic''s own specialties                                             | Editează specialitățile clinicii
  suppressions.lift         | Let the clinic write again to an address that was reported as dead             | Lasă clinica să scrie din nou la o adresă raportată ca nefuncțională
  treatment_plans.approve   | Approve treatment plans that others wrote                                      | Aprobă planuri de tratament scrise de alții
  treatment_plans.assign    | Assign treatment plans to patients, and look after them                        | Atribuie pacienților planuri de tratament și are grijă de ele
  treatment_plans.manage    | Write treatment plans and submit them                                          | Scrie planuri de tratament și le trimite spre aprobare
  treatment_plans.view      | See treatment plans, and how patients get on with them                         | Vede planurile de tratament și cum le urmează pacienții
  webhooks.manage           | Have the clinic''s own software told of events, and replay them                | Anunță programele clinicii despre evenimente și le trimite din nou
  webhooks.view             | See what the clinic''s own software was told                                   | Vede ce au fost anunțate programele clinicii
');
