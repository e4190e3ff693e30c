-- Consent to measuring movement with the camera or sensors. FRM-03, CNS-01.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "biometric_capture"}', rows => '
kind: consent
signature_mode: click_typed
purposes: {biometric_capture}
citations: {"GDPR art. 9","Legea 190/2018"}
content:
{"format": 1,
 "title": {"ro": "Acord pentru măsurarea mișcării cu camera sau cu senzori", "en": "Consent to measuring movement with the camera or sensors"},
 "intro": {
   "ro": "La exercițiile la distanță, camera poate urmări poziția articulațiilor, ca specialistul să vadă cât și cum v-ați mișcat. Exercițiile se pot face și fără această măsurare.",
   "en": "During exercises at a distance the camera can follow the position of your joints, so that the specialist sees how far and how well you moved. The exercises can also be done without it."},
 "intent": {
   "ro": "Am citit și sunt de acord cu măsurarea mișcării mele în scopurile de mai sus.",
   "en": "I have read this and consent to the measurement of my movement for the purposes above."},
 "items": [
  {"key": "what", "type": "statement",
   "text": {
     "ro": "Ce se măsoară. Din imaginea camerei se calculează poziția unor puncte ale corpului (umeri, coate, șolduri, genunchi și altele), unghiurile articulațiilor, numărul repetărilor și ritmul. Dacă folosiți un senzor sau un goniometru, și valorile acestuia.",
     "en": "What is measured. From the camera picture the position of points of the body (shoulders, elbows, hips, knees and others), the angles of joints, the number of repetitions and the rhythm are computed. If you use a sensor or a goniometer, its values too."}},
  {"key": "not", "type": "statement",
   "text": {
     "ro": "Ce nu se face. Măsurătorile nu servesc la recunoașterea persoanei. Imaginea camerei nu părăsește dispozitivul dumneavoastră și nu se păstrează; pentru înregistrare este nevoie de un acord separat. Nicio decizie despre tratament nu este luată de un program: specialistul hotărăște.",
     "en": "What is not done. The measurements do not serve to recognise a person. The camera picture does not leave your device and is not kept; recording needs a separate consent. No decision about treatment is taken by a program: the specialist decides."}},
  {"key": "why", "type": "statement",
   "text": {
     "ro": "La ce folosesc. Pentru a vedea evoluția, pentru a corecta exercițiile și pentru a adapta planul de tratament. Valorile se trec în fișa dumneavoastră ca informație despre sănătate. Măsurarea cu camera poate greși, mai ales la lumină slabă sau cu haine largi.",
     "en": "What they are used for. To see progress, to correct exercises and to adapt the treatment plan. The values go into your record as health information. Measuring with a camera can be wrong, above all in poor light or with loose clothes."}},
  {"key": "who", "type": "statement",
   "text": {
     "ro": "Cine le vede. Dumneavoastră și specialiștii clinicii care vă tratează. Se păstrează cât este scris în nota de informare.",
     "en": "Who sees them. You, and the specialists of the clinic who treat you. They are kept for as long as the privacy notice says."}},
  {"key": "choice", "type": "statement",
   "text": {
     "ro": "Libera alegere. Puteți refuza și puteți retrage acordul oricând, din cont sau la recepție; din acea clipă nu se mai măsoară nimic. Tratamentul continuă și fără măsurători.",
     "en": "Your choice. You may refuse, and may withdraw this consent at any time, in your account or at the front desk; from that moment nothing is measured. Treatment goes on without measurements."}},
  {"key": "minor", "type": "statement",
   "text": {
     "ro": "Minori. Pentru o persoană sub 18 ani semnează părintele sau reprezentantul legal.",
     "en": "Minors. For a person under 18 a parent or legal representative signs."}},
  {"key": "devices", "type": "choices", "required": true, "min_chosen": 1,
   "label": {"ro": "Cu ce sunteți de acord să măsurăm?", "en": "With what may we measure?"},
   "options": [
    {"value": "camera", "label": {"ro": "Cu camera telefonului sau a calculatorului", "en": "With the camera of your phone or computer"}},
    {"value": "sensor", "label": {"ro": "Cu senzori purtați", "en": "With sensors that you wear"}},
    {"value": "goniometer", "label": {"ro": "Cu goniometrul, la clinică", "en": "With the goniometer, at the clinic"}}]}]}
');
