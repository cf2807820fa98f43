/** Certificates of transaction (交易鉴证书) as anyone sees them (`sanbian.settlement.v1`). */
import { json } from './api/client';
import type { components } from './api/schema';

export type Certificate = components['schemas']['Certificate'];
export type CertificateParty = components['schemas']['CertificateParty'];

export function getCertificate(number: string, signal: AbortSignal): Promise<Certificate> {
  return json('GET', `/api/v1/certificates/${encodeURIComponent(number)}`, undefined, signal);
}

/** The code as an image: as an image its SVG can carry no script into the page. */
export const qrImage = (svg: string): string => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
