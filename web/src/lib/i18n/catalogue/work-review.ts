import { messages } from '../messages';

/** Review of submitted lots. */
export const review = messages({
  title: { zh: '待审', en: 'To review' },
  lead: { zh: '本地区等待审核的标的。自己起草或提交的不能自己审。', en: 'Lots of your region that wait for review. Nobody reviews what they drafted or submitted.' },
  none: { zh: '没有等待您审核的标的', en: 'Nothing waits for your review' },
  noneDetail: { zh: '集体提交后会出现在这里。', en: 'Lots appear here when collectives submit them.' },
  others: { zh: '由他人审核', en: 'For another reviewer' },
  submitted: { zh: '提交时间', en: 'Submitted' },
  stage: { zh: '审核环节', en: 'Review' },
  found: { zh: '规则意见', en: 'Findings' },

  toReview: { zh: '审核', en: 'Review' },
  findings: { zh: '规则意见', en: 'What the rules say' },
  noFindings: { zh: '规则没有意见。', en: 'The rules find nothing.' },
  decisionTitle: { zh: '民主决策', en: 'Collective decision' },
  noDecision: { zh: '没有登记决议。', en: 'No decision is recorded.' },
  history: { zh: '此前的审核', en: 'Reviews so far' },

  verdict: { zh: '审核意见', en: 'Your verdict' },
  outcome: { zh: '结论', en: 'Outcome' },
  approve: { zh: '通过', en: 'Approve' },
  approveHint: { zh: '材料齐全，程序合规', en: 'the documents are there, the procedure was kept' },
  return: { zh: '退回修改', en: 'Return for changes' },
  returnHint: { zh: '写明要改什么，集体改后重新提交', en: 'say what must change; the collective submits anew' },
  reasons: { zh: '理由', en: 'Reasons' },
  reasonsHint: { zh: '退回时必填。集体会看到这些话。', en: 'Needed where it is returned. The collective reads them.' },
  needOutcome: { zh: '请选择通过或退回。', en: 'Choose to approve or to return.' },
  needReasons: { zh: '退回时请写明理由。', en: 'Say why it is returned.' },
  send: { zh: '提交审核意见', en: 'Send the verdict' },
  approved: { zh: '已通过，写入账本。', en: 'Approved; it stands in the log.' },
  returned: { zh: '已退回集体。', en: 'Returned to the collective.' },

  notYours: { zh: '您不能审核这个标的', en: 'You can’t review this lot' },
  notYoursText: {
    zh: '它由您起草、提交或已经审核过，或者现在不在您的审核环节。实行四眼原则：同一标的的起草、乡镇审核、县级审核由不同的人办理。',
    en: 'You drafted, submitted or already reviewed it, or it is not at your stage. Four eyes: drafting, township and county review are done by different people.'
  },
  waitsAnnounce: { zh: '审核已完成，等待交易中心公告。', en: 'The reviews are done; the exchange announces it next.' }
});
