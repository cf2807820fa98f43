import { messages } from '../messages';

/** The states of a registration (报名), as the offices and the bidders read them. */
export const registrationState = messages({
  filed: { zh: '已报名', en: 'Filed' },
  accepted: { zh: '资格通过', en: 'Accepted' },
  rejected: { zh: '未通过', en: 'Rejected' },
  qualified: { zh: '可以出价', en: 'May bid' },
  'needs-confirmation': { zh: '待重新确认', en: 'To be confirmed again' },
  withdrawn: { zh: '已撤回', en: 'Withdrawn' }
});

/** The exchange's word. */
export const reviewState = messages({
  pending: { zh: '待审核', en: 'Pending' },
  accepted: { zh: '通过', en: 'Accepted' },
  rejected: { zh: '不通过', en: 'Rejected' }
});

/** Priority rights that a bidder can claim. */
export const claim = messages({
  member: { zh: '本集体经济组织成员', en: 'Member of the collective' },
  'sitting-lessee': { zh: '原承租（承包）人', en: 'Sitting lessee' },
  'co-owner': { zh: '共有人', en: 'Co-owner' },
  're-transfer-holder': { zh: '再流转优先权人', en: 'Holder on re-transfer' }
});
