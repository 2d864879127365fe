# Local statistics of spdep for the tests: Rscript local_spdep.R <folder>
# reads edges.csv (from, to, weight: row numbers) and values.csv (x, y, event, other),
# writes results.csv (one column a statistic)
suppressPackageStartupMessages(library(spdep))
folder <- commandArgs(trailingOnly = TRUE)[1]
edges <- read.csv(file.path(folder, "edges.csv"))
values <- read.csv(file.path(folder, "values.csv"))
n <- nrow(values)
from <- factor(edges$from, levels = seq_len(n))
nb <- lapply(split(edges$to, from), as.integer)
weights <- unname(split(edges$weight, from))
names(nb) <- NULL
class(nb) <- "nb"
attr(nb, "region.id") <- as.character(seq_len(n))
# style B takes the weights as they are
given <- nb2listw(nb, glist = weights, style = "B")
rows <- nb2listw(nb, style = "W")
binary <- nb2listw(nb, style = "B")
itself <- include.self(nb)
found <- list()
keep_g <- function(name, listw) {
  inside <- attr(localG(values$y, listw, return_internals = TRUE), "internals")
  found[[paste0(name, ".statistic")]] <<- inside[, 1]
  found[[paste0(name, ".z_score")]] <<- inside[, 4]
  found[[paste0(name, ".p")]] <<- inside[, 5]
}
keep_g("g.given", given)
keep_g("g.rows", rows)
keep_g("g.binary", binary)
keep_g("star.rows", nb2listw(itself, style = "W"))
keep_g("star.binary", nb2listw(itself, style = "B"))
keep_moran <- function(name, listw) {
  of <- localmoran(values$y, listw, conditional = TRUE)
  found[[paste0(name, ".statistic")]] <<- of[, "Ii"]
  found[[paste0(name, ".z_score")]] <<- of[, "Z.Ii"]
  found[[paste0(name, ".p")]] <<- of[, 5]
}
keep_moran("moran.given", given)
keep_moran("moran.rows", rows)
keep_moran("moran.binary", binary)
found[["geary.given"]] <- as.numeric(localC(values$y, given))
found[["geary.rows"]] <- as.numeric(localC(values$y, rows))
found[["geary.two"]] <- as.numeric(localC(values[, c("x", "y")], rows))
keep_losh <- function(name, listw) {
  of <- LOSH.cs(values$y, listw)
  found[[paste0(name, ".statistic")]] <<- of[, "Hi"]
  found[[paste0(name, ".variance")]] <<- of[, "Var.Hi"]
  found[[paste0(name, ".lag")]] <<- of[, "x_bar_i"]
  found[[paste0(name, ".p")]] <<- of[, "Pr()"]
}
keep_losh("losh.given", given)
keep_losh("losh.rows", rows)
found[["losh.absolute"]] <- LOSH(values$y, rows, a = 1, var_hi = FALSE)[, "Hi"]
found[["bivariate.rows"]] <- localmoran_bv(values$x, values$y, rows, nsim = 19)[, "Ibvi"]
joins <- local_joincount_uni(factor(values$event), "1", binary, nsim = 19)
found[["joins.one"]] <- joins[, "BB"]
both <- local_joincount_bv(values$event, values$other, binary, nsim = 19)
found[["joins.both"]] <- both[, "join_count"]
apart <- local_joincount_bv(values$event, 1 - values$event, binary, nsim = 19)
found[["joins.apart"]] <- apart[, "join_count"]
write.csv(as.data.frame(found), file.path(folder, "results.csv"), row.names = FALSE)
