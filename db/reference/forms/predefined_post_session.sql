-- Asked after a session: pain, how hard it was, how it was at the clinic. FRM-03.

select app_private.own_rows('app_private.predefined_form_templates', scope => '{"key": "post_session"}', rows => '
kind: feedback
signature_mode: none
purposes: {}
citations: {}
content:
{"format": 1,
 "title": {"ro": "Chestionar după ședință", "en": "Questionnaire after the session"},
 "intro": {
   "ro": "Două minute, cât mai aproape de ședință. Răspunsurile sunt citite de specialistul dumneavoastră la următoarea vizită, nu imediat. În caz de urgență sunați la 112.",
   "en": "Two minutes, as soon after the session as you can. Your specialist reads the answers at the next visit, not at once. In an emergency call 112."},
 "items": [
  {"key": "pain_before", "type": "scale", "required": true, "min": 0, "max": 10,
   "label": {"ro": "Cât de mare era durerea înainte de ședință?", "en": "How strong was the pain before the session?"},
   "min_label": {"ro": "Nicio durere", "en": "No pain"},
   "max_label": {"ro": "Cea mai mare durere pe care v-o puteți închipui", "en": "The worst pain you can imagine"}},
  {"key": "pain_now", "type": "scale", "required": true, "min": 0, "max": 10,
   "label": {"ro": "Cât de mare este durerea acum?", "en": "How strong is the pain now?"},
   "min_label": {"ro": "Nicio durere", "en": "No pain"},
   "max_label": {"ro": "Cea mai mare durere pe care v-o puteți închipui", "en": "The worst pain you can imagine"}},
  {"key": "effort", "type": "scale", "required": true, "min": 0, "max": 10,
   "label": {"ro": "Cât de greu v-a fost?", "en": "How hard was it for you?"},
   "min_label": {"ro": "Deloc greu", "en": "Not hard at all"},
   "max_label": {"ro": "Cât se poate de greu", "en": "As hard as it can be"}},
  {"key": "had_reaction", "type": "boolean", "required": true,
   "label": {"ro": "Ați avut amețeli, greață sau o durere nouă?", "en": "Did you have dizziness, nausea or a new pain?"}},
  {"key": "reaction", "type": "long_text", "required": true, "max_length": 2000,
   "visible_if": {"field": "had_reaction", "op": "equals", "value": true},
   "label": {"ro": "Ce anume, și cât a durat?", "en": "What exactly, and how long did it last?"},
   "help": {"ro": "Dacă starea continuă sau se agravează, sunați la clinică, iar în caz de urgență la 112.", "en": "If it goes on or gets worse, call the clinic, and 112 in an emergency."}},
  {"key": "home_exercises", "type": "choice", "required": true,
   "label": {"ro": "Ați înțeles ce exerciții aveți de făcut acasă?", "en": "Is it clear which exercises you are to do at home?"},
   "options": [
    {"value": "yes", "label": {"ro": "Da", "en": "Yes"}},
    {"value": "partly", "label": {"ro": "Nu pe toate", "en": "Not all of them"}},
    {"value": "none", "label": {"ro": "Nu am exerciții pentru acasă", "en": "I have no exercises for home"}}]},
  {"key": "unclear", "type": "long_text", "max_length": 1000,
   "visible_if": {"field": "home_exercises", "op": "equals", "value": "partly"},
   "label": {"ro": "Ce nu v-a fost clar?", "en": "What was not clear?"}},
  {"key": "satisfaction", "type": "scale", "min": 1, "max": 5,
   "label": {"ro": "Cât de mulțumit sunteți de ședință?", "en": "How satisfied are you with the session?"},
   "min_label": {"ro": "Deloc", "en": "Not at all"},
   "max_label": {"ro": "Foarte mulțumit", "en": "Very satisfied"}},
  {"key": "comments", "type": "long_text", "max_length": 2000,
   "label": {"ro": "Vreți să ne spuneți ceva?", "en": "Would you like to tell us anything?"}}],
 "scores": [
  {"key": "nrs", "version": 1, "method": "sum", "fields": ["pain_now"], "min_answered": 1,
   "direction": "lower_is_better", "range": [0, 10],
   "label": {"ro": "Intensitatea durerii (NRS)", "en": "Pain intensity (NRS)"}}]}
');
