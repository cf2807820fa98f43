import { messages } from '../messages';

/** The states of a lot (标的状态), as the API names them. */
export const lotState = messages({
  draft: { zh: '草稿', en: 'Draft' },
  submitted: { zh: '已提交', en: 'Submitted' },
  'township-reviewed': { zh: '乡镇已审', en: 'Township reviewed' },
  'county-reviewed': { zh: '县级已审', en: 'County reviewed' },
  returned: { zh: '已退回', en: 'Returned' },
  announced: { zh: '公告中', en: 'Announced' },
  'registration-closed': { zh: '报名截止', en: 'Registration closed' },
  bidding: { zh: '竞价中', en: 'Bidding' },
  'priority-exercise': { zh: '行权中', en: 'Priority exercise' },
  'result-notice': { zh: '成交公示', en: 'Result notice' },
  contract: { zh: '签订合同', en: 'Contract' },
  settled: { zh: '已结算', en: 'Settled' },
  certified: { zh: '已出鉴证', en: 'Certified' },
  suspended: { zh: '已中止', en: 'Suspended' },
  terminated: { zh: '已终结', en: 'Terminated' },
  unsold: { zh: '流标', en: 'Unsold' },
  defaulted: { zh: '违约', en: 'Defaulted' }
});

/** The steps of a lot's life, in order, for the timeline. */
export const lotStep = messages({
  draft: { zh: '起草', en: 'Draft' },
  submitted: { zh: '民主决策并提交', en: 'Decision and submission' },
  'township-reviewed': { zh: '乡镇审核', en: 'Township review' },
  'county-reviewed': { zh: '县级审核', en: 'County review' },
  announced: { zh: '公告与报名', en: 'Announcement and registration' },
  'registration-closed': { zh: '报名截止', en: 'Registration closed' },
  bidding: { zh: '竞价', en: 'Bidding' },
  'result-notice': { zh: '成交公示', en: 'Result notice' },
  contract: { zh: '签订合同', en: 'Contract' },
  settled: { zh: '付款结算', en: 'Payment and settlement' },
  certified: { zh: '交易鉴证', en: 'Certificate' }
});

/** What a step of a timeline is at, for screen readers. */
export const stepStatus = messages({
  done: { zh: '已完成', en: 'done' },
  current: { zh: '进行中', en: 'in progress' },
  todo: { zh: '未开始', en: 'not yet' },
  skipped: { zh: '不适用', en: 'not needed' },
  stopped: { zh: '已停止', en: 'stopped' },
  proof: { zh: '账本证明', en: 'Proof in the log' }
});

/** The line to the live room. */
export const feedState = messages({
  connecting: { zh: '正在连接', en: 'Connecting' },
  live: { zh: '实时', en: 'Live' },
  reconnecting: { zh: '连接中断，正在重连；所示内容可能不是最新', en: 'Line broken, reconnecting; what you see may be old' },
  closed: { zh: '已断开', en: 'Closed' }
});
