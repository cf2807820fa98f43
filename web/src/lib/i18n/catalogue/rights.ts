import { messages } from '../messages';

/** Categories of rights (交易品种), by their codes. */
export const category = messages({
  'contracted-land': { zh: '农户承包土地经营权', en: 'Household contracted land' },
  'collective-land': { zh: '集体未承包（机动）土地经营权', en: 'Collectively managed land' },
  'four-wastes': { zh: '“四荒”使用权', en: 'Waste mountain, gully, hill, beach' },
  forest: { zh: '林权', en: 'Forest right' },
  water: { zh: '养殖水面经营权', en: 'Aquaculture water right' },
  'operating-asset': { zh: '集体经营性资产', en: 'Collective operating asset' },
  equity: { zh: '农村集体经济组织股权／企业股权', en: 'Equity share' },
  equipment: { zh: '农业生产设施设备', en: 'Farm facilities and equipment' },
  irrigation: { zh: '小型水利设施使用权', en: 'Small irrigation facility' },
  ip: { zh: '农业类知识产权', en: 'Agricultural intellectual property' },
  'construction-land': { zh: '集体经营性建设用地使用权', en: 'Collective construction land' },
  'homestead-use': { zh: '宅基地／农房使用权', en: 'Homestead and farmhouse use' },
  project: { zh: '涉农项目', en: 'Rural works and procurement' },
  other: { zh: '其他', en: 'Other' }
});

/** How a right passes on (流转方式). */
export const mode = messages({
  lease: { zh: '出租', en: 'Lease' },
  'contracting-out': { zh: '发包（承包）', en: 'Contracting-out' },
  transfer: { zh: '转让', en: 'Transfer' },
  circulation: { zh: '流转', en: 'Circulation' },
  contribution: { zh: '入股', en: 'Contribution as shares' },
  grant: { zh: '出让', en: 'Grant' },
  exchange: { zh: '互换', en: 'Exchange of plots' },
  sublease: { zh: '转包', en: 'Sublease' },
  'joint-venture': { zh: '合作（联营）', en: 'Joint venture' },
  entrustment: { zh: '托管', en: 'Entrusted management' },
  procurement: { zh: '采购', en: 'Procurement' },
  other: { zh: '其他方式', en: 'Another form' }
});

/** Who holds the right (权利人性质). */
export const holder = messages({
  collective: { zh: '农村集体经济组织', en: 'Collective economic organisation' },
  'collective-group': { zh: '村民小组', en: 'Villagers’ group' },
  'household-entrusted': { zh: '农户（委托集体）', en: 'Households, by mandate to the collective' },
  household: { zh: '农户', en: 'Household' },
  mixed: { zh: '农户（委托集体）与集体', en: 'Households by mandate and the collective' },
  state: { zh: '国有', en: 'State' },
  'state-farm': { zh: '国有农场', en: 'State farm' },
  'state-forest-farm': { zh: '国有林场', en: 'State forest farm' },
  'state-company': { zh: '国有企业', en: 'State company' },
  'township-government': { zh: '乡镇人民政府', en: 'Township government' },
  enterprise: { zh: '企业或农民专业合作社', en: 'Enterprise or farmers’ cooperative' },
  other: { zh: '其他', en: 'Another holder' }
});

/** What a deposit secures. */
export const depositKind = messages({
  bid: { zh: '竞买保证金', en: 'Bid deposit' },
  earnest: { zh: '定金', en: 'Earnest money' },
  performance: { zh: '履约保证金', en: 'Performance deposit' },
  risk: { zh: '风险保证金', en: 'Risk deposit' },
  fee: { zh: '报名费（资料费）', en: 'Registration fee' },
  other: { zh: '其他款项', en: 'Another payment' }
});

/** Who goes first at the same price. */
export const priorityHolder = messages({
  member: { zh: '本集体经济组织成员', en: 'Member of the collective' },
  'sitting-lessee': { zh: '原承租（承包）人', en: 'Sitting lessee or contractor' },
  'co-owner': { zh: '共有人（其他股东）', en: 'Co-owner or fellow shareholder' },
  're-transfer-holder': { zh: '再流转优先权人', en: 'Holder on re-transfer' },
  other: { zh: '公告载明的其他优先权人', en: 'Another holder named in the notice' }
});

/** Who alone may register. */
export const eligibility = messages({
  members: { zh: '限本集体经济组织成员（本村村民）', en: 'Members of the collective only' },
  'members-and-sitting-lessee': { zh: '限本村村民及原承包者', en: 'Members and the sitting lessee only' },
  'members-first': { zh: '本村有效报名不足方对外开放', en: 'Others only where too few members register' },
  residents: { zh: '限公告载明地域内的人员', en: 'Residents of the named area only' }
});

/** What an evidence file is. */
export const documentKind = messages({
  minutes: { zh: '会议记录', en: 'Minutes' },
  title: { zh: '权属证明', en: 'Title' },
  valuation: { zh: '评估报告', en: 'Valuation' },
  mandate: { zh: '委托书', en: 'Mandate' },
  photo: { zh: '照片', en: 'Photo' },
  plan: { zh: '平面图', en: 'Plan' },
  'contract-draft': { zh: '合同样本', en: 'Contract draft' },
  other: { zh: '其他材料', en: 'Other' }
});
