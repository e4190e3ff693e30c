-- What vendors can do for clinics and the platform; what is not built is refused. FND-22.

select app_private.own_rows('app_public.service_capabilities', rows => '
  key             | is_built | description
  ----------------+----------+------------------------------------------
  clinic_payout   | false    | What the platform passes on to the clinic
  email           | true     | Mails to patients and staff
  exercise_video  | true     | Exercise videos
  invoicing       | true     | Invoices to the clinic
  patient_payment | false    | What patients pay the clinic
  payment         | true     | What the clinic pays the platform
  push            | true     | Notices in the browser
  sms             | true     | Text messages
  storage         | true     | Files
  video           | true     | Video appointments
  whatsapp        | true     | WhatsApp messages by approved templates
');
