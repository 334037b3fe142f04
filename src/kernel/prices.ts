/** Minutes of a month of 30 days, as Railway reckons. */
const minutesPerMonth = 43_200

/** What Railway asks a month, in USD, for a vCPU and for a GB that run or are kept all the time. https://docs.railway.com/reference/pricing/plans#resource-usage-pricing */
export const pricePerMonth = { vCpu: 20, memoryGb: 10, diskGb: 0.15 } as const

/** In USD: of a vCPU-minute, GB-minutes, and a GB that goes out. */
export const pricePerUnit: Readonly<Record<string, number>> = {
  CPU_USAGE: pricePerMonth.vCpu / minutesPerMonth,
  MEMORY_USAGE_GB: pricePerMonth.memoryGb / minutesPerMonth,
  NETWORK_TX_GB: 0.05,
  DISK_USAGE_GB: pricePerMonth.diskGb / minutesPerMonth,
  BACKUP_USAGE_GB: pricePerMonth.diskGb / minutesPerMonth,
}
