/** Certificates of transaction (交易鉴证书) as anyone sees them (`sanbian.settlement.v1`). */
import { json } from './api/client';

export interface CertificateParty {
  name: string;
  legal_representative?: string | null;
  id_number: string;
  kind: string;
}

export interface Certificate {
  id: string;
  number: string;
  contract_number: string;
  lot_id: string;
  lot_name: string;
  category: string;
  owner: string;
  transferor?: CertificateParty | null;
  transferee?: CertificateParty | null;
  quantity: string;
  unit: string;
  location: string;
  reserve_fen: number;
  price_fen: number;
  /** In words, such as 元/亩/年. */
  price_basis: string;
  total_fen: number;
  total_capitals: string;
  method: string;
  mode: string;
  term_from_date?: string | null;
  term_to_date?: string | null;
  intended_use: string;
  certifying_body: string;
  issued_on: string;
  remarks: string;
  digest: string;
  status: string;
  prints: number;
  log_index?: number | null;
  qr_svg: string;
}

export function getCertificate(number: string, signal: AbortSignal): Promise<Certificate> {
  return json('GET', `/api/v1/certificates/${encodeURIComponent(number)}`, undefined, signal);
}

/** The code as an image: as an image its SVG can carry no script into the page. */
export const qrImage = (svg: string): string => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
