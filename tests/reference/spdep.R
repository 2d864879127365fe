# Statistics of spdep for the tests: Rscript spdep.R <folder> <with Lee's moments: 0 or 1>
# reads edges.csv (from, to: row numbers) and values.csv (x, y, events, population, kind),
# writes results.csv (name, value)
suppressPackageStartupMessages(library(spdep))
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
edges <- read.csv(file.path(folder, "edges.csv"))
values <- read.csv(file.path(folder, "values.csv"))
n <- nrow(values)
nb <- lapply(split(edges$to, factor(edges$from, levels = seq_len(n))), as.integer)
names(nb) <- NULL
class(nb) <- "nb"
attr(nb, "region.id") <- as.character(seq_len(n))
rows <- nb2listw(nb, style = "W")
binary <- nb2listw(nb, style = "B")
found <- list()
keep <- function(name, test) {
  found[[paste0(name, ".statistic")]] <<- test$estimate[[1]]
  found[[paste0(name, ".expected")]] <<- test$estimate[[2]]
  found[[paste0(name, ".variance")]] <<- test$estimate[[3]]
  found[[paste0(name, ".score")]] <<- unname(test$statistic)
  found[[paste0(name, ".p")]] <<- test$p.value
}
keep("moran.randomisation", moran.test(values$y, rows))
keep("moran.normality", moran.test(values$y, rows, randomisation = FALSE))
keep("geary.randomisation", geary.test(values$y, rows))
keep("geary.normality", geary.test(values$y, rows, randomisation = FALSE))
keep("getis_ord_g", globalG.test(values$y, binary))
# lm.morantest gives the statistic, expectation and variance in this order
model <- lm(y ~ x, data = values)
keep("residuals", lm.morantest(model, rows))
if (arguments[2] == "1") {
  keep("lee", lee.test(values$x, values$y, rows))
  keep("lee.univariate", lee.test(values$y, values$y, rows))
}
found[["lee.statistic"]] <- lee(values$x, values$y, rows, n)$L
rate <- suppressMessages(EBImoran.mc(values$events, values$population, rows, nsim = 1))
found[["rate.statistic"]] <- unname(rate$statistic)
joins <- unclass(joincount.multi(factor(values$kind), binary))
for (name in rownames(joins)) {
  found[[paste0("joins.", name, ".statistic")]] <- joins[name, 1]
  found[[paste0("joins.", name, ".expected")]] <- joins[name, 2]
  found[[paste0("joins.", name, ".variance")]] <- joins[name, 3]
}
write.csv(
  data.frame(name = names(found), value = sprintf("%.17g", unlist(found))),
  file.path(folder, "results.csv"), row.names = FALSE
)
