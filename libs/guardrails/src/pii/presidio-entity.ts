/** Where Presidio's name for a type is not the type in capitals. */
const NAMES: Readonly<Record<string, string>> = {
  card: 'CREDIT_CARD',
  iban: 'IBAN_CODE',
  email: 'EMAIL_ADDRESS',
  phone: 'PHONE_NUMBER',
  ip: 'IP_ADDRESS',
  mac: 'MAC_ADDRESS',
  'date-of-birth': 'DATE_TIME',
  postcode: 'ZIP_CODE',
  address: 'STREET_ADDRESS',
  nationality: 'NRP',
  'crypto-address': 'CRYPTO',
  ethereum: 'CRYPTO',
  bic: 'SWIFT_CODE',
  'us-bank-account': 'US_BANK_NUMBER',
  'us-dea': 'MEDICAL_LICENSE',
  'gb-nhs': 'UK_NHS',
  'gb-nino': 'UK_NINO',
  'gb-passport': 'UK_PASSPORT',
  'gb-driving-licence': 'UK_DRIVING_LICENCE',
  'gb-licence-plate': 'UK_VEHICLE_REGISTRATION',
  'it-codice-fiscale': 'IT_FISCAL_CODE',
  'it-iva': 'IT_VAT_CODE',
  'it-driver-licence': 'IT_DRIVER_LICENSE',
  'fi-hetu': 'FI_PERSONAL_IDENTITY_CODE',
  'se-orgnr': 'SE_ORGANISATIONSNUMMER',
  'sg-nric': 'SG_NRIC_FIN',
  'th-pin': 'TH_TNIN',
  'tr-tckimlik': 'TR_NATIONAL_ID',
  'tr-licence-plate': 'TR_LICENSE_PLATE',
  'za-idnr': 'ZA_ID_NUMBER',
  'de-idnr': 'DE_TAX_ID',
  'de-stnr': 'DE_TAX_NUMBER',
  'de-vat': 'DE_VAT_ID',
  'de-svnr': 'DE_SOCIAL_SECURITY',
  'de-kvnr': 'DE_HEALTH_INSURANCE',
  'de-driver-licence': 'DE_FUEHRERSCHEIN',
  'de-licence-plate': 'DE_KFZ',
  'in-vehicle': 'IN_VEHICLE_REGISTRATION',
  'ng-vehicle': 'NG_VEHICLE_REGISTRATION',
  'us-aba-routing': 'ABA_ROUTING_NUMBER',
};

/**
 * The name that Presidio and presidio-research give a type of personal data: `EMAIL_ADDRESS` for `email`. A type that they do
 * not know is written in capitals, `FR_NIR` for `fr-nir`. What presidio-research calls GPE is `LOCATION`.
 */
export function presidioEntityOf(type: string): string {
  return NAMES[type] ?? type.toUpperCase().replaceAll('-', '_');
}
